// One portal for all the files that leave it as they found it: with the sample cluster, which runs, one whose job was
// never launched, and one at rest. A test that fails takes it along; the next test begins with a new one.
import { type BrowserContext, type Page, request, test as plain } from "@playwright/test";
import { Desk } from "./desk.js";
import { signsIn } from "./person.js";
import { Portal } from "./portal.js";

/** What the tests share. */
export interface Shared {
  portal: Portal;
  url: string;
  desk: Desk;
  /** The session of the person who opened the printed link. */
  cookies: Awaited<ReturnType<BrowserContext["cookies"]>>;
  /** The id of `sample-counter`, which runs. */
  sample: string;
  /** The id of `broken`, the main of which throws. */
  broken: string;
  /** The id of `idle`, which was cancelled. */
  idle: string;
}

export const test = plain.extend<{ other: Page }, { shared: Shared }>({
  shared: [
    async ({}, use) => {
      const portal = new Portal();
      const session = await request.newContext();
      try {
        await session.post(await portal.start());
        const { cookies } = await session.storageState();
        const { url } = portal;
        const desk = new Desk(session, url);
        const sample = await desk.named("sample-counter");
        await desk.settles(sample, "RUNNING");
        const tags = [{ key: "team", value: "risk" }];
        const broken = await desk.create({ name: "broken", entry_class: "penstock.samples.Throws", args: "--where cluster", tags });
        await desk.settles(broken, "JOB_LAUNCH_FAILED");
        const idle = await desk.create({ name: "idle" });
        await desk.act("CANCEL", idle);
        await desk.settles(idle, "CANCELED");
        await use({ portal, url, desk, cookies, sample, broken, idle });
      } finally {
        await session.dispose();
        await portal.remove();
      }
    },
    { scope: "worker", timeout: 240_000 },
  ],
  // Whoever opens a page is signed in.
  context: async ({ context, shared }, use, now) => {
    await context.addCookies(shared.cookies);
    await use(context);
    if (now.status !== now.expectedStatus) console.log(shared.portal.output);
  },
  // A second person: another link, another session, another window.
  other: async ({ browser, shared }, use) => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await signsIn(page, shared.portal.link());
    await use(page);
    await context.close();
  },
});
