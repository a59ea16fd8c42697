// One job's life as a person leads it: from the sign-in link through the form to running, with every action.
import { expect, test } from "@playwright/test";
import { asks, counts, idOf, presses, row, sees, troubles, view } from "../support/person.js";
import { Portal } from "../support/portal.js";

const portal = new Portal();
let link = "";

test.describe.configure({ mode: "serial" });
test.beforeAll(async () => {
  link = await portal.start();
});
test.afterAll(() => portal.remove());

test.beforeEach(async ({ page }) => {
  // The link signs in once; later tests bring the cookie of the first.
  if (cookies.length > 0) await page.context().addCookies(cookies);
});

let cookies: Parameters<import("@playwright/test").BrowserContext["addCookies"]>[0] = [];

test("the sample job runs", async ({ page }) => {
  await page.goto(link);
  cookies = await page.context().cookies();
  await page.goto(`${portal.url}/jobs`);
  await sees(page, "sample-counter", "Running");
});

test("the form creates a cluster that runs", async ({ page }) => {
  const found = troubles(page);
  await page.goto(`${portal.url}/pools/lab`);
  await page.getByRole("link", { name: "New cluster" }).first().click();
  await page.getByLabel("Cluster name").fill("Orders");
  await page.getByLabel("Cluster name").blur();
  await page.getByRole("button", { name: "Next: Configuration" }).click();
  await page.getByLabel("Jar path").fill("abfs://flink@lake.dfs.core.windows.net/samples/penstock-samples.jar");
  await page.getByLabel("Args").fill("--rate 100 --label orders");
  await page.getByRole("button", { name: "Next: Tags" }).click();
  await page.getByRole("button", { name: "Next: Review + create" }).click();
  await expect(page.getByText(/lower-case letters/).first()).toBeVisible({ timeout: 60_000 });

  // The mistake is mended where it is; the rest was kept.
  await page.getByRole("link", { name: /Basics/ }).first().click();
  await page.getByLabel("Cluster name").fill("orders");
  await page.getByRole("button", { name: "Next: Configuration" }).click();
  await expect(page.getByLabel("Args")).toHaveValue("--rate 100 --label orders");
  await page.reload();
  await expect(page.getByLabel("Args")).toHaveValue("--rate 100 --label orders");
  await page.getByRole("button", { name: "Next: Tags" }).click();
  await page.getByRole("button", { name: "Next: Review + create" }).click();
  await expect(page.getByText("Validation succeeded")).toBeVisible({ timeout: 90_000 });
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await expect(page.getByText("Your deployment is complete")).toBeVisible({ timeout: 120_000 });
  await page.goto(`${portal.url}/jobs`);
  await sees(page, "orders", "Running");
  expect(found).toEqual([]);
});

test("savepoint, stop and start keep what was counted", async ({ page }) => {
  await page.goto(`${portal.url}/jobs`);
  const id = await idOf(page, "orders");
  const asked = page.request;
  await expect.poll(async () => (await counts(asked, portal.url, id, 1)).length, { timeout: 60_000 }).toBeGreaterThan(3);
  await presses(page, "orders", "Savepoint");
  await expect.poll(async () => (await view(asked, portal.url, id)).savepoints, { timeout: 60_000 }).toBe(1);
  await page.reload();
  await asks(page, "orders", "Stop");
  await sees(page, "orders", "Stopped");
  const before = Math.max(...(await counts(asked, portal.url, id, 1)));
  await page.reload();
  await asks(page, "orders", "Start");
  await sees(page, "orders", "Running");
  await expect.poll(async () => (await counts(asked, portal.url, id, 2)).length, { timeout: 60_000 }).toBeGreaterThan(0);
  const after = Math.min(...(await counts(asked, portal.url, id, 2)));
  expect(after).toBeGreaterThanOrEqual(before);
});

test("an action that the state does not allow says why", async ({ page }) => {
  await page.goto(`${portal.url}/jobs`);
  await row(page, "orders").getByRole("checkbox").check();
  const start = page.getByRole("toolbar", { name: "Actions" }).getByRole("button", { name: "Start", exact: true });
  await expect(start).toHaveAttribute("aria-disabled", "true");
  await expect(start).toHaveAccessibleDescription(/the state is Running/);
});

test("an update changes the arguments and keeps the state", async ({ page }) => {
  await page.goto(`${portal.url}/jobs`);
  const id = await idOf(page, "orders");
  const before = Math.max(...(await counts(page.request, portal.url, id, 2)));
  await page.goto(`${portal.url}/clusters/${id}/update`);
  await page.getByLabel("Args").fill("--rate 150 --label orders");
  await expect(page.getByText("Validation succeeded")).toBeVisible({ timeout: 90_000 });
  await page.getByRole("button", { name: "Update", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Update succeeded" })).toBeVisible({ timeout: 120_000 });
  expect(JSON.stringify((await view(page.request, portal.url, id)).spec)).toContain("150");
  await expect.poll(async () => (await counts(page.request, portal.url, id, 3)).length, { timeout: 60_000 }).toBeGreaterThan(0);
  expect(Math.min(...(await counts(page.request, portal.url, id, 3)))).toBeGreaterThanOrEqual(before);
});

test("cancel ends a job, delete removes it", async ({ page }) => {
  await page.goto(`${portal.url}/jobs`);
  await asks(page, "sample-counter", "Cancel", { button: "Cancel the job" });
  await sees(page, "sample-counter", "Canceled");
  await page.reload();
  await asks(page, "orders", "Delete", { answer: (dialog) => dialog.getByRole("textbox").fill("orders") });
  await expect(row(page, "orders")).toHaveCount(0, { timeout: 60_000 });
});
