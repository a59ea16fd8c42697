// One job's life as a person leads it: from the sign-in link through the form to running, with every action.
import { type BrowserContext, expect, type Locator, type Page, test } from "@playwright/test";
import { began, reached, type Run } from "../support/counts.js";
import { asks, idOf, opens, presses, reloads, row, sees, signsIn, troubles, view } from "../support/person.js";
import { Portal } from "../support/portal.js";

const portal = new Portal();
let link = "";
let cookies: Parameters<BrowserContext["addCookies"]>[0] = [];

test.describe.configure({ mode: "serial" });
test.beforeAll(async () => {
  link = await portal.start();
});
test.afterAll(() => portal.remove());
// The link signs in once; later tests bring the cookie of the first.
test.beforeEach(({ context }) => context.addCookies(cookies));

/** The grid, and the id of the job that is looked after. */
async function grid(page: Page): Promise<string> {
  await opens(page, `${portal.url}/jobs`);
  return await idOf(page, "orders");
}

/** One of its runs. */
function run(page: Page, id: string, run: number): Run {
  return { request: page.request, url: portal.url, id, run };
}

test("the printed link signs in once, and the sample job runs", async ({ page, browser }) => {
  const found = troubles(page);
  await page.goto(`${portal.url}/jobs`);
  await expect(page).toHaveURL(/\/sign-in$/);
  await signsIn(page, link);
  cookies = await page.context().cookies();
  await opens(page, `${portal.url}/jobs`);
  await sees(page, "sample-counter", "Running");
  expect(found).toEqual([]);
  const stranger = await browser.newContext();
  const second = await stranger.newPage();
  await signsIn(second, link);
  await expect(second).toHaveURL(/\/sign-in\?refused/);
  await stranger.close();
});

test("the form creates a cluster that runs", async ({ page }) => {
  const found = troubles(page);
  await opens(page, `${portal.url}/pools/Penstock/streaming/lab`);
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
  await reloads(page);
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

test("a savepoint is listed, and a start from it goes on from there", async ({ page }) => {
  const id = await grid(page);
  const least = await reached(run(page, id, 1));
  await presses(page, "orders", "Savepoint");
  await expect.poll(async () => (await view(page.request, portal.url, id)).savepoints, { timeout: 60_000 }).toBe(1);
  await reached(run(page, id, 1), (await reached(run(page, id, 1))) + 200);
  await reloads(page);
  await asks(page, "orders", "Stop");
  await sees(page, "orders", "Stopped");
  const last = await reached(run(page, id, 1));

  // Not the newest one, from which it would start by itself.
  await opens(page, `${portal.url}/clusters/${id}/savepoints`);
  await expect(page.getByRole("row").filter({ hasText: "Savepoint, " })).toHaveCount(2);
  const asked = page.getByRole("row").filter({ hasText: "asked" });
  await asked.getByRole("link", { name: "Start from this savepoint" }).click();
  const dialog = page.getByRole("dialog", { name: "Start orders" });
  await expect(dialog.getByRole("radio", { name: /run 1.*asked/ })).toBeChecked();
  // The grid is opened before there is an answer: what was asked is done all the same.
  await dialog.getByRole("button", { name: "Start" }).click();
  await grid(page);
  await sees(page, "orders", "Running");
  const from = await began(run(page, id, 2));
  expect(from).toBeGreaterThanOrEqual(least);
  expect(from).toBeLessThan(last);
});

test("an update changes the arguments and a tag, and keeps the state", async ({ page }) => {
  const id = await grid(page);
  const before = await reached(run(page, id, 2));
  await opens(page, `${portal.url}/clusters/${id}/update`);
  await page.getByRole("button", { name: "Add a tag" }).click();
  await page.getByLabel("Tag 1").fill("team");
  await page.getByLabel("Value of team").fill("risk");
  await expect(page.locator(".diff")).toContainText("tag team");
  await updates(page, "Update", "--rate 150 --label orders");
  const { spec } = await view(page.request, portal.url, id);
  expect([spec.job.args, spec.tags]).toEqual(["--rate 150 --label orders", { team: "risk" }]);
  expect(await began(run(page, id, 3))).toBeGreaterThanOrEqual(before);
});

test("a stateless update counts anew", async ({ page }) => {
  const id = await grid(page);
  await reached(run(page, id, 3));
  // Under this name the operator finds nothing of its own in what was saved before: with it, it is refused.
  await opens(page, `${portal.url}/clusters/${id}/update`);
  await page.getByLabel("Args").fill("--rate 150 --label orders --uid second");
  await page.getByRole("button", { name: "Update", exact: true }).click();
  await expect(page.getByText(/The state of “Count” finds no place in this jar/)).toBeVisible({ timeout: 90_000 });
  await page.getByLabel("Go on without the state").check();
  await page.getByRole("button", { name: "Check", exact: true }).click();
  await expect(page.getByText("Validation succeeded")).toBeVisible({ timeout: 90_000 });
  await expect(page.locator("li[data-check=warned]").filter({ hasText: "“Count”" })).toContainText("is left behind");
  await page.getByLabel("Go on without the state").uncheck();
  await expect(page.getByText("Changed since the last check.")).toBeVisible();
  await opens(page, `${portal.url}/clusters/${id}/update?action=STATELESS_UPDATE`);
  await updates(page, "Stateless update", "--rate 150 --label orders --uid second");
  expect(await began(run(page, id, 4))).toBe(0);
});

test("a start that is certain to fail is refused in the words of its check", async ({ page }) => {
  const id = await grid(page);
  const before = await reached(run(page, id, 4));
  await asks(page, "orders", "Stop");
  await sees(page, "orders", "Stopped");
  await reloads(page);
  await presses(page, "orders", "Start");
  const dialog = page.getByRole("dialog");
  // The stateless update began a new line: what was saved before it is offered, but folded away.
  await expect(dialog.getByRole("radio", { name: /run 1.*asked/ })).toBeHidden();
  await dialog.getByText("Earlier lines").click();
  await dialog.getByRole("radio", { name: /run 1.*asked/ }).check();
  await dialog.getByRole("button", { name: "Start", exact: true }).click();
  await expect(dialog.getByText(/The state of “Count” finds no place in this jar/)).toBeVisible({ timeout: 60_000 });
  await dialog.getByRole("radio", { name: /run 4/ }).first().check();
  await dialog.getByRole("button", { name: "Start", exact: true }).click();
  await expect(dialog).toBeHidden();
  await sees(page, "orders", "Running");
  expect(await began(run(page, id, 5))).toBeGreaterThanOrEqual(before);
});

test("an action that fails says why in plain words, with the whole exception", async ({ page }) => {
  await opens(page, `${portal.url}/pools/Penstock/streaming/lab/new`);
  await page.getByLabel("Cluster name").fill("throws");
  await page.getByRole("button", { name: "Next: Configuration" }).click();
  await page.getByLabel("Jar path").fill("abfs://flink@lake.dfs.core.windows.net/samples/penstock-samples.jar");
  await page.getByLabel("Entry class").fill("penstock.samples.Throws");
  await page.getByLabel("Args").fill("--where cluster");
  await page.getByRole("button", { name: "Next: Tags" }).click();
  await page.getByRole("button", { name: "Next: Review + create" }).click();
  await expect(page.getByText("Validation succeeded")).toBeVisible({ timeout: 90_000 });
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await page.waitForURL(/\/operations\//);
  await opens(page, `${portal.url}/jobs`);
  await sees(page, "throws", "Launch failed");
  const id = await idOf(page, "throws");
  await opens(page, `${portal.url}/clusters/${id}/details`);
  await expect(page.getByRole("alert")).toContainText("The job's main method threw an exception");
  const exception = page.getByRole("group").filter({ hasText: "as it was given" }).locator("pre");
  await expect(exception).toContainText("This main throws on purpose");
  await expect(exception).toContainText("\tat org.apache.flink.");

  await opens(page, `${portal.url}/clusters/${id}/view`);
  const shown = JSON.parse(await page.locator("pre code").innerText());
  const { last_operation } = await view(page.request, portal.url, id);
  expect(shown.last_operation).toEqual(last_operation);
  expect(last_operation).toMatchObject({ action: "CREATE", succeeded: false });
});

test("cancel ends a job, delete removes it", async ({ page }) => {
  await grid(page);
  await asks(page, "sample-counter", "Cancel", { button: "Cancel the job" });
  await sees(page, "sample-counter", "Canceled");
  await reloads(page);
  // From the cluster's own page, which ends with it.
  await opens(page, `${portal.url}/clusters/${await idOf(page, "orders")}`);
  await page.getByRole("toolbar", { name: "Actions" }).getByRole("button", { name: "Delete", exact: true }).click();
  const name = page.getByRole("dialog").getByRole("textbox");
  await expect(name).toBeFocused();
  await name.fill("orders");
  await page.getByRole("dialog").getByRole("button", { name: "Delete", exact: true }).click();
  await expect(page).toHaveURL(`${portal.url}/jobs`);
  await expect(row(page, "orders")).toHaveCount(0, { timeout: 60_000 });
});

/** Types the arguments into the form of an update, and sees it through: what was not checked the portal checks itself. */
async function updates(page: Page, word: string, args: string): Promise<void> {
  await expect(page.getByText("Not checked yet.")).toBeVisible();
  await page.getByRole("button", { name: "Check", exact: true }).click();
  await expect(page.getByText("Validation succeeded")).toBeVisible({ timeout: 90_000 });
  await page.getByLabel("Args").fill(args);
  await expect(page.getByText("Changed since the last check.")).toBeVisible();
  await expect(page.getByText("Validation succeeded")).toBeHidden();
  await page.getByRole("button", { name: word, exact: true }).click();
  await expect(page.getByRole("heading", { name: `${word} succeeded` })).toBeVisible({ timeout: 120_000 });
}
