// The states that a job can start from: in lines, which fit, which are there; and what a running job says of itself.
import { renameSync } from "node:fs";
import { join } from "node:path";
import { type BrowserContext, expect, type Page, test } from "@playwright/test";
import { Desk } from "../support/desk.js";
import { looksRight } from "../support/looks.js";
import { opens, reloads, signsIn, troubles } from "../support/person.js";
import { Portal } from "../support/portal.js";

const ARGS = "--rate 100 --label orders";

const portal = new Portal();
let cookies: Parameters<BrowserContext["addCookies"]>[0] = [];
let id = "";

test.describe.configure({ mode: "serial" });
test.beforeAll(async ({ browser }) => {
  const context = await browser.newContext();
  await signsIn(await context.newPage(), await portal.start());
  cookies = await context.cookies();
  const desk = new Desk(context.request, portal.url);
  const options = [{ key: "execution.checkpointing.interval", value: "2s" }];
  id = await desk.create({ name: "orders", args: ARGS, options });
  await context.close();
});
test.afterAll(() => portal.remove());
test.beforeEach(({ context }) => context.addCookies(cookies));

const at = (path: string) => `${portal.url}/clusters/${id}${path}`;
const desk = (page: Page) => new Desk(page.request, portal.url);
const of = (page: Page, run: string) => page.getByRole("row").filter({ has: page.getByRole("cell", { name: run, exact: true }) });

test("before the first there is none, and what is running says how it is set", async ({ page }) => {
  const found = troubles(page);
  await desk(page).settles(id, "RUNNING");
  await opens(page, at("/configuration"));
  const says = page.getByRole("table", { name: "What the running job says" });
  await expect(says.getByRole("row").filter({ hasText: "Time between checkpoints" })).toContainText(/2\.0 s.*2s/);
  await expect(page.getByText("nothing was set otherwise by its own code")).toBeVisible();
  await looksRight(page);
  expect(found).toEqual([]);
});

test("each state says whether it fits, and the chosen one is started from", async ({ page, browser }) => {
  const found = troubles(page);
  // Under another uid the operator's state is left over.
  await opens(page, at("/update"));
  await page.getByLabel("Args").fill(`${ARGS} --uid second`);
  await page.getByLabel("Go on without the state").check();
  await page.getByLabel("With its probation off").check();
  await page.getByRole("button", { name: "Update", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Update succeeded" })).toBeVisible({ timeout: 120_000 });
  await desk(page).act("STOP", id);
  await desk(page).settles(id, "STOPPED");

  await opens(page, at("/savepoints"));
  await expect(page.getByRole("columnheader", { name: "Fits revision 2" })).toBeVisible();
  await expect(page.getByRole("rowheader", { name: /^This line: runs 1 to 2, since the fresh start, Today/ })).toBeVisible();
  const [older, newest] = [of(page, "1, r1").filter({ hasText: "by Update" }), of(page, "2, r2").filter({ hasText: "by Stop" })];
  await expect(newest).toContainText("yes, both operators");
  await expect(older).toContainText(/◆ Count left over, [\d.]+ k?B/);
  const name = await newest.locator("b").innerText();
  await expect(page.locator(".lead")).toHaveText(new RegExp(`^Start goes on from ${name} of run 2, .+ old\\.$`));
  await expect(newest.getByRole("radio")).toBeChecked();
  await expect(page.getByText(/^\d+ states?, .+B$/)).toBeVisible();
  await looksRight(page);

  // Without script the same choice is a form.
  const plain = await browser.newContext({ javaScriptEnabled: false });
  await plain.addCookies(cookies);
  const without = await plain.newPage();
  await without.goto(at("/savepoints"));
  await of(without, "1, r1").filter({ hasText: "by Update" }).getByRole("radio").check();
  await without.getByRole("button", { name: "Start from the chosen…" }).click();
  await expect(without.getByRole("radio", { name: /run 1, revision 1, by Update/ })).toBeChecked();
  await plain.close();

  // What is not there is looked for again.
  const { states } = await desk(page).ask("states", { id });
  const path = states.find((state: any) => state.revision === 1 && state.kind === "savepoint").path as string;
  const place = join(portal.data, "storage/lake/flink", path.split(".net/")[1] ?? "");
  renameSync(place, `${place}-away`);
  await reloads(page);
  await expect(older).toContainText(/not there since Today \d\d:\d\d.*its _metadata is missing/);
  await expect(older.getByRole("radio")).toBeDisabled();
  // The page may look by itself as soon as it is there again, and has no link any more then.
  const again = await older.getByRole("link", { name: "Look again" }).getAttribute("href");
  renameSync(`${place}-away`, place);
  await opens(page, `${portal.url}${again}`);
  await expect(older).toContainText("Count left over");

  await older.getByRole("radio").check();
  await page.getByRole("button", { name: "Start from the chosen…" }).click();
  const asked = page.getByRole("dialog", { name: "Start orders" });
  await expect(asked.getByRole("radio", { name: /run 1, revision 1, by Update/ })).toBeChecked();
  await asked.getByRole("link", { name: "Back" }).or(asked.getByRole("button", { name: "Back" })).first().click();
  await page.getByRole("button", { name: "Start from the newest" }).click();
  await expect(asked.getByRole("radio", { name: new RegExp(`Goes on from ${name}`) })).toBeChecked();
  await asked.getByRole("button", { name: "Start", exact: true }).click();
  await desk(page).settles(id, "RUNNING");
  const runs = await desk(page).ask("runs", { id });
  expect(runs[0].from).toContain(name);
  // What runs is not started: the button says why.
  await expect(page.getByRole("button", { name: "Start from the newest" })).toHaveAttribute("aria-disabled", "true");

  // A savepoint in the format of the state backend is told by the list.
  await page.getByRole("button", { name: "Take savepoint…" }).click();
  const taking = page.getByRole("dialog", { name: "Savepoint orders" });
  await taking.getByLabel("In the state backend’s own format").check();
  await taking.getByRole("button", { name: "Savepoint", exact: true }).click();
  const native = page.getByRole("row").filter({ hasText: /asked by .+, native/ });
  await expect(native).toBeVisible({ timeout: 60_000 });
  expect(found).toEqual([]);
});
