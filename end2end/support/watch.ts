// What a page shows over time against what the portal itself says: noted by the page at the moment when it shows it, so
// that a slow test cannot make a page look slow.
import type { Page } from "@playwright/test";

/** Something that was shown or said, and when first (ms). */
export interface Noted {
  what: string;
  at: number;
}

/** Notes from now on the first words in what the selector finds, whenever they change. A reload would end it. */
export async function watch(page: Page, selector: string): Promise<void> {
  await page.evaluate((selector) => {
    const notes: Noted[] = [];
    const look = () => {
      const what = document.querySelector(selector)?.firstChild?.textContent?.trim() ?? "";
      if (what !== notes.at(-1)?.what) notes.push({ what, at: Date.now() });
    };
    look();
    const changes = { subtree: true, childList: true, characterData: true, attributes: true };
    new MutationObserver(look).observe(document.body, changes);
    Object.assign(window, { notes });
  }, selector);
}

/** What the page has shown since it is watched, in order. */
export async function shown(page: Page): Promise<Noted[]> {
  return await page.evaluate(() => (window as unknown as { notes: Noted[] }).notes);
}

/** Between two answers (ms): who asks without a pause makes the portal slow. */
const PAUSE = 50;

/** Asks again and again until the last word is said; every word with the time of the first answer that said it. */
export async function follow(ask: () => Promise<string>, last: string): Promise<Noted[]> {
  const said: Noted[] = [];
  const deadline = Date.now() + 120_000;
  while (said.at(-1)?.what !== last || said.length < 2) {
    const what = await ask();
    if (what !== said.at(-1)?.what) said.push({ what, at: Date.now() });
    await new Promise((next) => setTimeout(next, PAUSE));
    if (Date.now() > deadline) throw new Error(`“${last}” was not said: ${said.map((one) => one.what).join(", ")}`);
  }
  return said;
}

/** How much later the page showed each word, or one after it, than it was said (ms). Waits for the last one. */
export async function delays(page: Page, said: Noted[]): Promise<number[]> {
  const last = said.at(-1)!.what;
  await page.waitForFunction((last) => (window as unknown as { notes: Noted[] }).notes.at(-1)?.what === last, last);
  const seen = await shown(page);
  return said.slice(1).map(({ at }, i) => {
    const since = said.slice(i + 1).map((one) => one.what);
    return seen.find((one, j) => j > 0 && since.includes(one.what))!.at - at;
  });
}
