// Keys that work on every page: the palette, and the list of all keys.
import { expect } from "@playwright/test";
import { opens } from "../support/person.js";
import { test } from "../support/shared.js";

test("the palette jumps, and the keys are listed", async ({ page, shared }) => {
  await opens(page, `${shared.url}/jobs`);
  await page.keyboard.press("?");
  const keys = page.getByRole("dialog", { name: "Keys" });
  await expect(keys.getByText("Jump to a cluster, page or action")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(keys).toHaveCount(0);

  await page.keyboard.press("/");
  await page.getByRole("combobox").fill("bro");
  await expect(page.getByRole("option").first()).toContainText("broken");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(`${shared.url}/clusters/${shared.broken}`);

  await opens(page, `${shared.url}/jobs`);
  await page.getByLabel("Filter by name").focus();
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox").fill("stop sample");
  await expect(page.getByRole("option", { name: "Stop sample-counter" })).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/ask\\?action=STOP&cluster=${shared.sample}`));
});
