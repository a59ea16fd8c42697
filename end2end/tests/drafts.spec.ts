// What was typed into the form is kept: the browser may be closed, and all of it is there again.
import { expect, type Locator, type Page } from "@playwright/test";
import { JAR } from "../support/desk.js";
import { opens } from "../support/person.js";
import { test } from "../support/shared.js";

/** What is typed, by the labels of the fields. */
const BASICS = { "Cluster name": "kept" };
const CONFIGURATION = {
  "Number of worker nodes": "3",
  "Jar path": JAR,
  "Entry class": "penstock.samples.OtherJob",
  Args: `--label "a b"`,
  "Option 1": "parallelism.default",
  "Value of parallelism.default": "2",
  "Task manager memory": "1900",
};
const TAGS = { "Tag 1": "team", "Value of team": "risk" };

/** A field by the whole of its label. */
function field(page: Page, label: string): Locator {
  return page.getByLabel(new RegExp(`^${label}( optional)?$`));
}

test("everything that was typed is there after the browser was closed", async ({ page, browser, shared }) => {
  await opens(page, `${shared.url}/pools/Penstock/streaming/lab/new`);
  const fill = async (fields: Record<string, string>) => {
    for (const [label, text] of Object.entries(fields)) await field(page, label).fill(text);
  };
  await fill(BASICS);
  await page.getByRole("button", { name: "Next: Configuration" }).click();
  await page.getByRole("button", { name: "Add an option" }).click();
  await fill(CONFIGURATION);
  await page.getByRole("button", { name: "Next: Tags" }).click();
  await page.getByRole("button", { name: "Add a tag" }).click();
  const kept = page.waitForResponse((answer) => answer.request().postData()?.includes("risk") ?? false);
  await fill(TAGS);
  expect((await kept).ok()).toBeTruthy();
  await page.context().close();

  // The same person, another window: the session's cookie is all that is left.
  const context = await browser.newContext();
  await context.addCookies(shared.cookies);
  const later = await context.newPage();
  await opens(later, `${shared.url}/pools/Penstock/streaming/lab/new`);
  await later.getByText("other draft").click();
  await later.getByRole("link", { name: "kept" }).click();
  for (const [tab, fields] of [["Basics", BASICS], ["Configuration", CONFIGURATION], ["Tags", TAGS]] as const) {
    await later.getByRole("navigation", { name: "Steps" }).getByRole("link", { name: tab }).click();
    for (const [label, text] of Object.entries(fields)) {
      await expect(field(later, label)).toHaveValue(text);
    }
  }
  await context.close();
});

test("what was typed while the portal did not answer is kept when it answers again", async ({ page, shared }) => {
  const id = await shared.desk.draft({ name: "typed" });
  for (const gone of ["**/live", "**/api/**"]) await page.route(gone, (route) => route.abort());
  await opens(page, `${shared.url}/pools/Penstock/streaming/lab/new/${id}`);
  await field(page, "Cluster name").fill("typed-meanwhile");
  await expect(page.getByText("Not kept: The portal did not answer.")).toBeVisible();
  await page.unrouteAll();
  await expect(page.getByText(/saved Today|saved \d/)).toBeVisible();
  await opens(page, `${shared.url}/pools/Penstock/streaming/lab/new/${id}`);
  await expect(field(page, "Cluster name")).toHaveValue("typed-meanwhile");
});

test("a script is read by Flink's parser while it is written, and kept as it stands", async ({ page, shared }) => {
  const script = "CREATE TABLE a (n INT) WITH ('connector' = 'blackhole');\n</textarea><b>INSERT INTO";
  const id = await shared.desk.draft({ name: "script" });
  await opens(page, `${shared.url}/pools/Penstock/streaming/lab/new/${id}?tab=configuration`);
  await page.getByText("Flink SQL", { exact: true }).click();
  await expect(field(page, "Jar path")).toBeHidden();
  const kept = page.waitForResponse((answer) => answer.url().endsWith("keep-draft") && answer.request().postData()!.includes("blackhole"));
  await page.getByLabel("Script", { exact: true }).fill(script);
  await expect(page.getByText(/^Line 2, column 1: /)).toBeVisible({ timeout: 30_000 });
  await kept;
  await page.reload();
  await expect(page.getByLabel("Script", { exact: true })).toHaveValue(script);
  await page.getByLabel("Script", { exact: true }).fill(script.split("\n")[0]!);
  await expect(page.getByText("Flink's parser finds nothing wrong")).toBeVisible({ timeout: 30_000 });
});
