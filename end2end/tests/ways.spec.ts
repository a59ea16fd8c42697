// The ways back and on: an update that does not hold, an earlier revision, another cluster like one that is there, what
// stays of a job that is ended, and a cluster that cannot be seen any more.
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type BrowserContext, expect, type Page, test } from "@playwright/test";
import { Desk } from "../support/desk.js";
import { looksRight } from "../support/looks.js";
import { opens, reloads, row, signsIn, troubles } from "../support/person.js";
import { Portal } from "../support/portal.js";

const GOOD = "--rate 100 --label orders";
/** Runs for two seconds each time that it is started anew, and fails. */
const BAD = `${GOOD} --fail-after 200`;
/** Of a checkpoint and of a savepoint, as questions name them. */
const NAMED = /(checkpoint \d+|savepoint-\S+) of run \d+, .+ old/;

const portal = new Portal();
let cookies: Parameters<BrowserContext["addCookies"]>[0] = [];
let id = "";

test.describe.configure({ mode: "serial" });
test.beforeAll(async ({ browser }) => {
  const context = await browser.newContext();
  await signsIn(await context.newPage(), await portal.start());
  cookies = await context.cookies();
  const desk = new Desk(context.request, portal.url);
  const options = [
    // The first one comes later than the bad revision fails, which has no chance to pass for one that makes progress.
    { key: "execution.checkpointing.interval", value: "8s" },
    { key: "execution.checkpointing.min-pause", value: "8s" },
    { key: "my.password", value: "hunter2" },
  ];
  id = await desk.create({ name: "orders", args: GOOD, options });
  await desk.settles(id, "RUNNING");
  await context.close();
});
test.afterAll(() => portal.remove());
test.beforeEach(({ context }) => context.addCookies(cookies));

const at = (path: string) => `${portal.url}/clusters/${id}${path}`;
const desk = (page: Page) => new Desk(page.request, portal.url);

test("an update that does not hold goes back, says what is repeated, and leads both ways on", async ({ page }) => {
  const found = troubles(page);
  await opens(page, at("/update"));
  await page.getByLabel("Args").fill(BAD);
  await page.getByRole("button", { name: "Update", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Update went back" })).toBeVisible({ timeout: 120_000 });
  await expect(page.getByRole("main").getByText("Rolled back")).toBeVisible();
  await expect(page.getByRole("main").getByText(/Revision 1 runs again as run 3.*is processed again\./).first()).toBeVisible();
  await expect(page.getByText("Processed again", { exact: true })).toBeVisible();
  await expect(page.locator(".page-head > p")).toHaveText(
    /^orders runs revision 1 again, from the savepoint of \d\d:\d\d:\d\d\. Revision 2 ran for .+ s\. By Owner\.$/,
  );
  await expect(page.locator("li[data-step=failed]")).toContainText("revision 2 was restarted 3 times");
  const apart = page.locator(".card").filter({ has: page.getByRole("heading", { name: "Time without a running job" }) });
  await expect(apart).toContainText(/\d s \+ .+ s going back/);
  // The reason is told; the exception is one press away.
  await expect(page.locator("details.exception pre")).toBeHidden();
  const taken = page.getByRole("link", { name: /^It took savepoint-/ });
  const name = (await taken.innerText()).replace("It took ", "");
  await looksRight(page);
  const operation = page.url();
  const log = page.locator("details").filter({ hasText: "Show the first lines of its log" });
  await log.getByText("Show the first lines of its log").click();
  await expect(log.locator("pre")).toContainText("StandaloneApplicationClusterEntryPoint");
  await page.getByRole("link", { name: "Logs of run 2" }).click();
  await expect(page).toHaveURL(/logs\?run=2$/);
  await opens(page, operation);
  await page.getByRole("link", { name: "Compare 1 and 2" }).click();
  await expect(page.locator(".diff > div")).toHaveCount(1);
  await expect(page.locator(".diff")).toContainText(`args${GOOD}→${BAD}`);
  await looksRight(page);
  await opens(page, operation);

  await page.getByRole("link", { name: "Roll back" }).click();
  await expect(page.getByRole("heading", { name: "Roll back orders" })).toBeVisible();
  await opens(page, operation);
  await taken.click();
  await expect(page.getByRole("row").filter({ hasText: name })).toContainText("savepoint, by Update");
  await opens(page, operation);
  await page.getByRole("link", { name: "Update again" }).click();
  await expect(page.getByLabel("Args")).toHaveValue(BAD);
  await expect(page.getByLabel("With its probation off")).not.toBeChecked();
  await opens(page, operation);
  await page.getByRole("link", { name: "Update with revision 2 and probation off" }).click();
  await expect(page.getByLabel("Args")).toHaveValue(BAD);
  await expect(page.getByLabel("With its probation off")).toBeChecked();
  await page.getByLabel("Args").fill("--rate 200 --label orders");
  await page.getByRole("button", { name: "Update", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Update succeeded" })).toBeVisible({ timeout: 120_000 });
  await expect(page.locator(".facts > dt", { hasText: "Probation" })).toBeVisible();
  await expect(page.locator("ol.steps")).not.toContainText("New revision kept running");
  expect((await desk(page).view(id)).spec.job.args).toBe("--rate 200 --label orders");
  expect(found).toEqual([]);
});

test("any earlier revision runs again, from Configuration and from Details", async ({ page }) => {
  await opens(page, at("/configuration?run=1"));
  await page.getByRole("link", { name: "Roll back to revision 1" }).click();
  await expect(page.getByLabel("Revision")).toHaveValue("1");
  await opens(page, at("/details"));
  await page.getByRole("link", { name: "Roll back" }).click();
  // The one before did not hold.
  await expect(page.getByRole("option", { name: "Revision 2, never held" })).toBeAttached();
  await expect(page.getByLabel("Revision")).toHaveValue("1");
  await expect(page.getByRole("radio", { name: /The state that it has/ })).toBeChecked();
  await page.getByRole("button", { name: "Roll back" }).click();
  await expect(page).toHaveURL(/details/);
  await desk(page).settles(id, "RUNNING");
  const { spec, last_operation } = await desk(page).view(id);
  expect(last_operation).toMatchObject({ action: "ROLLBACK", succeeded: true });
  expect(spec.job.args).toBe(GOOD);
});

test("another cluster like it begins with everything but its name and its secrets", async ({ page }) => {
  const found = troubles(page);
  await opens(page, at(""));
  await page.getByRole("link", { name: "Create another like this" }).click();
  await expect(page.getByLabel("Args")).toHaveValue(GOOD);
  await expect(page.getByLabel("Value of my.password", { exact: true })).toHaveValue("");
  await expect(page.getByText(/my\.password has no value/)).toBeVisible();
  await page.getByRole("link", { name: /Basics/ }).first().click();
  await expect(page.getByLabel("Cluster name")).toHaveValue("orders-2");
  expect(found).toEqual([]);
});

test("a job that restarts is cancelled with the name of what stays", async ({ page }) => {
  const options = [
    { key: "execution.checkpointing.interval", value: "500ms" },
    { key: "restart-strategy.type", value: "fixed-delay" },
    { key: "restart-strategy.fixed-delay.attempts", value: "1000" },
    { key: "restart-strategy.fixed-delay.delay", value: "1h" },
  ];
  const flaky = await desk(page).create({ name: "flaky", args: "--rate 100 --fail-after 300", options });
  await desk(page).settles(flaky, "RESTARTING");
  await opens(page, `${portal.url}/ask?action=CANCEL&cluster=${flaky}&back=/clusters/${flaky}/savepoints`);
  const stays = await page.getByText(/^What stays is/).innerText();
  const state = /checkpoint \d+ of run 1/.exec(stays)?.[0];
  expect(stays).toMatch(NAMED);
  await page.getByRole("button", { name: "Cancel the job" }).click();
  await expect(page).toHaveURL(/savepoints/);
  await desk(page).settles(flaky, "CANCELED");
  await reloads(page);
  await expect(page.getByText(`Start goes on from ${state}`)).toBeVisible();
  await opens(page, `${portal.url}/ask?action=START&cluster=${flaky}`);
  await expect(page.getByRole("radio", { name: `Goes on from ${state}` })).toBeChecked();
  await opens(page, `${portal.url}/clusters/${flaky}/update`);
  await expect(page.getByRole("radio", { name: `Goes on from ${state}` })).toBeChecked();
});

test("the question Stop names the newest state, and a cluster that cannot be seen is forgotten with its consequences", async ({ page }) => {
  await opens(page, `${portal.url}/ask?action=STOP&cluster=${id}`);
  await expect(page.getByText(/^Until the savepoint is complete, the newest state is/)).toHaveText(NAMED);

  // Its files are unreadable when the portal is there again.
  const { run } = (await desk(page).view(id)).row;
  const folder = join(portal.data, "clusters", id.replaceAll("-", ""));
  await portal.kill();
  writeFileSync(join(folder, `${run}`, "conf", "config.yaml"), "}{");
  await portal.start();
  await desk(page).settles(id, "UNREACHABLE");
  await opens(page, `${portal.url}/ask?action=DELETE&cluster=${id}`);
  await expect(page.getByText(/its processes may run on, and its files stay for you to clear away/)).toBeVisible();
  await looksRight(page);
  await page.getByLabel("Also where nothing can be seen of it").check();
  await page.getByLabel("Type orders to confirm").fill("orders");
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await opens(page, `${portal.url}/jobs`);
  await expect(row(page, "sample-counter")).toBeVisible();
  await expect(row(page, "orders")).toHaveCount(0, { timeout: 60_000 });
  expect(existsSync(join(folder, `${run}`))).toBe(true);
});
