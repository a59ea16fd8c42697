// The grid's rows: they are selected by mouse and by keys, what is not allowed says why, and what is asked of several is
// answered for each.
import { expect, type Page } from "@playwright/test";
import { opens, presses, row, selects } from "../support/person.js";
import { test } from "../support/shared.js";

const bar = (page: Page) => page.getByRole("toolbar", { name: "Actions" });
const command = (page: Page, name: string) => bar(page).getByRole("button", { name, exact: true });
const selected = (page: Page) => bar(page).getByText(/\d selected/);

test("rows are selected by mouse and by keys", async ({ page, shared }) => {
  await opens(page, `${shared.url}/jobs?sort=name`);
  await selects(page, "broken");
  await expect(selected(page)).toHaveText("1 selected");
  await row(page, "sample-counter").getByRole("checkbox").click({ modifiers: ["Shift"] });
  await expect(selected(page)).toHaveText("3 selected");
  await page.getByLabel("Select all on this page").uncheck();
  await expect(selected(page)).toHaveCount(0);

  await row(page, "broken").focus();
  await page.keyboard.press("ArrowDown");
  await expect(row(page, "idle")).toBeFocused();
  await page.keyboard.press("Space");
  await expect(row(page, "idle")).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Shift+ArrowDown");
  await expect(row(page, "sample-counter")).toBeFocused();
  await expect(selected(page)).toHaveText("2 selected");
  await expect(row(page, "broken")).toHaveAttribute("aria-selected", "false");
  await page.keyboard.press("Home");
  await page.keyboard.press("Enter");
  const details = page.getByRole("complementary", { name: "Details" });
  await expect(details.getByRole("heading", { name: "broken" })).toBeVisible();
  await expect(page).toHaveURL(`${shared.url}/jobs?sort=name&open=${shared.broken}`);
  await page.keyboard.press("Escape");
  await expect(details).toHaveCount(0);
  await expect(page).toHaveURL(`${shared.url}/jobs?sort=name`);
  await expect(row(page, "broken"), "who closes it is back where it was opened").toBeFocused();
  await expect(selected(page)).toHaveText("2 selected");
});

test("what is not allowed says why and does nothing", async ({ page, shared }) => {
  await opens(page, `${shared.url}/jobs`);
  await expect(command(page, "Stop")).toHaveAccessibleDescription("Select a job first.");
  await selects(page, "sample-counter");
  await expect(command(page, "Start")).toHaveAccessibleDescription(/^Start needs a job that is stopped.*the state is Running\.$/);
  await command(page, "Start").press("Enter");
  await selects(page, "idle");
  await expect(command(page, "Stop")).toHaveAccessibleDescription("idle: Stop needs a running job; the state is Canceled.");
  await expect(command(page, "Update")).toHaveAccessibleDescription("An update is made for one job at a time.");
  await command(page, "Stop").press("Enter");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(page).toHaveURL(`${shared.url}/jobs`);
});

test("what is asked of several rows is answered for each", async ({ page, shared: { url, desk } }) => {
  await desk.create({ name: "first" });
  const second = await desk.create({ name: "second" });
  await opens(page, `${url}/jobs?sort=name`);
  await selects(page, "first");
  await presses(page, "second", "Delete");
  const dialog = page.getByRole("dialog", { name: "Delete 2 jobs" });
  await dialog.getByLabel("Type first, second to confirm").fill("first, second");
  // Somebody else is faster with one of them.
  await desk.act("DELETE", second, { confirm: "second" });
  await dialog.getByRole("button", { name: "Delete", exact: true }).click();
  const result = (name: string) => dialog.getByRole("status").getByRole("listitem").filter({ hasText: name });
  await expect(result("first")).toContainText("Delete is on its way");
  await expect(result("second")).toContainText(/being deleted|no such cluster/);
  await dialog.getByText("Close").click();
  await expect(row(page, "first")).toHaveCount(0, { timeout: 60_000 });
  await expect(row(page, "second")).toHaveCount(0, { timeout: 60_000 });
});
