// What the grid asks stands in its address: it survives a reload, the way back, and being sent to somebody.
import { expect, type Page } from "@playwright/test";
import { opens, reloads } from "../support/person.js";
import { test } from "../support/shared.js";

const names = (page: Page) => page.getByRole("grid", { name: "Flink Jobs" }).locator("a.name");

test("filters and text stand in the address", async ({ page, shared }) => {
  await opens(page, `${shared.url}/jobs`);
  await expect(names(page)).toHaveCount(3);
  await page.getByRole("button", { name: "Status" }).click();
  await page.getByRole("link", { name: "Launch failed" }).click();
  await expect(page).toHaveURL(/\/jobs\?state=JOB_LAUNCH_FAILED$/);
  await expect(names(page)).toHaveText(["broken"]);
  await page.getByRole("button", { name: "Tag" }).click();
  await page.getByRole("link", { name: "team:risk" }).click();
  await reloads(page);
  await expect(page).toHaveURL(/\/jobs\?state=JOB_LAUNCH_FAILED&tag=team%3Arisk$/);
  await expect(names(page)).toHaveText(["broken"]);
  await page.getByRole("link", { name: "Launch failed remove this filter" }).click();
  await expect(page).toHaveURL(/\/jobs\?tag=team%3Arisk$/);
  await page.goBack();
  await expect(page.getByRole("link", { name: "Launch failed remove this filter" })).toBeVisible();

  await opens(page, `${shared.url}/jobs`);
  await page.getByLabel("Filter by name").fill("idl");
  await expect(page).toHaveURL(/\/jobs\?text=idl$/);
  await expect(names(page)).toHaveText(["idle"]);
  await reloads(page);
  await expect(page.getByLabel("Filter by name")).toHaveValue("idl");
  await expect(names(page)).toHaveText(["idle"]);
});

test("sorting, the page and its size stand in the address", async ({ page, shared }) => {
  await opens(page, `${shared.url}/jobs`);
  await page.getByRole("link", { name: "Name", exact: true }).click();
  await expect(names(page)).toHaveText(["broken", "idle", "sample-counter"]);
  await page.getByRole("link", { name: "Name", exact: true }).click();
  await expect(names(page)).toHaveText(["sample-counter", "idle", "broken"]);
  await reloads(page);
  await expect(page).toHaveURL(/\/jobs\?sort=name&down=1$/);
  await expect(page.getByRole("columnheader", { name: "Name" })).toHaveAttribute("aria-sort", "descending");
  await expect(names(page)).toHaveText(["sample-counter", "idle", "broken"]);
  await page.goBack();
  await expect(names(page)).toHaveText(["broken", "idle", "sample-counter"]);
  await page.getByRole("button", { name: /^Rows/ }).click();
  await page.getByRole("link", { name: "25", exact: true }).click();
  await expect(page).toHaveURL(/\/jobs\?sort=name&size=25$/);

  await opens(page, `${shared.url}/jobs?sort=name&size=2`);
  await expect(names(page)).toHaveText(["broken", "idle"]);
  await page.getByRole("link", { name: "Next page" }).click();
  await expect(names(page)).toHaveText(["sample-counter"]);
  await reloads(page);
  await expect(page.getByText("3–3 of 3")).toBeVisible();
  await page.goBack();
  await expect(names(page)).toHaveText(["broken", "idle"]);
});

test("an open menu stays open while the grid is read again", async ({ page, shared }) => {
  await opens(page, `${shared.url}/jobs`);
  await page.getByRole("button", { name: "Status" }).click();
  const asOf = page.getByText(/^as of/);
  const before = await asOf.innerText();
  await expect(asOf).not.toHaveText(before);
  await expect(page.locator("#by-state")).toBeVisible();
});
