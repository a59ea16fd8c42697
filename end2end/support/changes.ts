// Changes that never end: files that somebody uploads, one after the other. The portal tells every page of each, and
// every page that follows reads again what it shows.
import { expect, type APIRequestContext, type Page } from "@playwright/test";

/** From one upload to the next (ms): ten in a second. A page gathers what is told within as long. */
const EVERY = 100;

export class Changes {
  private going = false;
  private done = Promise.resolve();
  private made = 0;

  constructor(
    private readonly request: APIRequestContext,
    private readonly url: string,
  ) {}

  /** Begins. */
  start(): void {
    this.going = true;
    this.done = this.upload();
  }

  /** Ends, and tells how many there were. One that the portal refused fails whoever asked for it. */
  async stop(): Promise<number> {
    this.going = false;
    await this.done;
    return this.made;
  }

  private async upload(): Promise<void> {
    while (this.going) {
      const next = new Promise((resolve) => setTimeout(resolve, EVERY));
      const file = `${this.url}/files/lake/flink/changes/again.txt?replace=true`;
      const answer = await this.request.put(file, { data: Buffer.from(`${this.made}`) });
      expect(answer.ok(), await answer.text()).toBeTruthy();
      this.made += 1;
      await next;
    }
  }
}

/** Waits until the page has been given so many answers to what it asked again. */
export async function answers(page: Page, count = 1): Promise<void> {
  for (let i = 0; i < count; i += 1) {
    await page.waitForResponse((response) => response.url().includes("/api/ui/"));
  }
}
