// The portal is killed at once (SIGKILL) in the middle of a create, an update and a stop, and started again: what was
// asked is done, and done once.
import { type BrowserContext, expect, type Page, test } from "@playwright/test";
import { began, reached, type Run } from "../support/counts.js";
import { asks, idOf, opens, row, sees, signsIn, view } from "../support/person.js";
import { Portal } from "../support/portal.js";

const portal = new Portal();
const job = "sample-counter";
let cookies: Parameters<BrowserContext["addCookies"]>[0] = [];

test.describe.configure({ mode: "serial" });
test.afterAll(() => portal.remove());
test.beforeEach(({ context }) => context.addCookies(cookies));

/** How often the job was launched. */
async function launches(page: Page, id: string): Promise<number> {
  const answer = await page.request.post(`${portal.url}/api/ui/runs`, { data: { id } });
  expect(answer.ok()).toBeTruthy();
  return (await answer.json()).length;
}

test("in the middle of a create", async ({ page, context }) => {
  await signsIn(page, await portal.start());
  cookies = await context.cookies();
  await page.goto(`${portal.url}/jobs`);
  await expect(row(page, job)).toBeVisible();
  await portal.kill();
  await portal.start();
  await page.goto(`${portal.url}/jobs`);
  await sees(page, job, "Running");
  const id = await idOf(page, job);
  expect((await view(page.request, portal.url, id)).last_operation.succeeded).toBe(true);
  expect(await launches(page, id)).toBe(1);
});

test("in the middle of an update", async ({ page }) => {
  await page.goto(`${portal.url}/jobs`);
  const id = await idOf(page, job);
  const run = (run: number): Run => ({ request: page.request, url: portal.url, id, run });
  const before = await reached(run(1));
  await opens(page, `${portal.url}/clusters/${id}/update`);
  await page.getByLabel("Args").fill("--rate 150");
  await page.getByRole("button", { name: "Check", exact: true }).click();
  await expect(page.getByText("Validation succeeded")).toBeVisible({ timeout: 90_000 });
  await page.getByRole("button", { name: "Update", exact: true }).click();
  await page.waitForURL(/\/operations\//);
  // The page is there: without its code the browser would open it anew by itself.
  await expect(page.getByRole("heading", { name: /^Update (is in progress|succeeded)/ })).toBeVisible();
  await portal.kill();
  await portal.start();
  await page.reload();
  await expect(page.getByRole("heading", { name: "Update succeeded" })).toBeVisible({ timeout: 120_000 });
  expect(await launches(page, id)).toBe(2);
  expect(await began(run(2))).toBeGreaterThanOrEqual(before);
});

test("in the middle of a stop", async ({ page }) => {
  await opens(page, `${portal.url}/jobs`);
  const id = await idOf(page, job);
  const taken = (await view(page.request, portal.url, id)).savepoints;
  await asks(page, job, "Stop");
  await portal.kill();
  await portal.start();
  await page.goto(`${portal.url}/jobs`);
  await sees(page, job, "Stopped");
  expect((await view(page.request, portal.url, id)).savepoints).toBe(taken + 1);
  expect(await launches(page, id)).toBe(2);
});
