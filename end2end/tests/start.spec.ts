// The first minutes of a person who starts the portal: the printed link, and a real Flink job that runs.
import { expect, test } from "@playwright/test";
import { sees, troubles } from "../support/person.js";
import { Portal } from "../support/portal.js";

const portal = new Portal();
let link = "";

test.beforeAll(async () => {
  link = await portal.start();
});
test.afterAll(() => portal.remove());

test("the printed link signs in once, and the sample job runs", async ({ page }) => {
  const found = troubles(page);
  await page.goto(`${portal.url}/jobs`);
  await expect(page).toHaveURL(/\/sign-in$/);
  await page.goto(link);
  await page.goto(`${portal.url}/jobs`);
  await sees(page, "sample-counter", "Running");
  expect(found).toEqual([]);
  const stranger = await page.context().browser()?.newContext();
  const second = await stranger?.newPage();
  await second?.goto(link);
  await expect(second!).toHaveURL(/\/sign-in\?refused/);
  await stranger?.close();
});
