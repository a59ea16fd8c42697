// What stands around every page: the palette, the list of keys, the theme.
import { expect } from "@playwright/test";
import { opens, reloads } from "../support/person.js";
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

test("the theme that was chosen stays", async ({ page, shared: { url } }) => {
  await page.emulateMedia({ colorScheme: "light" });
  await opens(page, `${url}/jobs`);
  const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const light = await ground();
  await page.getByRole("button", { name: "Theme: the system's" }).click();
  await expect.poll(ground).not.toBe(light);
  const dark = await ground();
  // The server writes it into the page, so that no paint is in the other theme.
  expect(await (await page.request.get(`${url}/pools`)).text()).toContain('<html lang="en" data-theme="dark">');
  await reloads(page);
  expect(await ground()).toBe(dark);
  await page.getByRole("button", { name: "Theme: dark" }).click();
  await expect.poll(ground).toBe(light);
});

test("a page names the code that it needs; the first one needs no later file", async ({ page, shared }) => {
  const later = async (at: string) => (await (await page.request.get(shared.url + at)).text()).match(/\w+(?=-\w+\.wasm)/g) ?? [];
  expect(await later("/")).toEqual([]);
  expect(await later("/jobs")).toContain("jobs");
  expect(await later("/storage")).toContain("around");
  expect(await later("/storage")).not.toContain("jobs");
  // Nobody fetches what is not opened.
  const fetched: string[] = [];
  page.on("request", (request) => fetched.push(request.url()));
  await opens(page, shared.url);
  expect(fetched.filter((url) => /-\w+\.wasm/.test(url))).toEqual([]);
});

test("where code cannot be fetched, the page is opened anew and works without script", async ({ page, shared }) => {
  await page.route(/-\w+\.wasm/, (route) => route.abort());
  await opens(page, shared.url);
  await page.getByRole("link", { name: "Flink Jobs" }).first().click();
  await expect(page.getByRole("heading", { name: "Flink Jobs" })).toBeVisible();
  await page.getByRole("link", { name: "sample-counter" }).click();
  await expect(page.getByRole("complementary").getByRole("heading", { name: "sample-counter" })).toBeVisible();
  // A question is asked on its page then.
  await opens(page, shared.url);
  await page.getByRole("link", { name: "Start" }).click();
  await expect(page).toHaveURL(/\/ask\?action=START/);
  await expect(page.getByRole("button", { name: "Start" })).toBeVisible();
});

test("the first page needs one font", async ({ page, shared }) => {
  await opens(page, shared.url);
  const loaded = () => page.evaluate(async () => [...(await document.fonts.ready)].filter((font) => font.status === "loaded").map((font) => font.family));
  expect(await loaded()).toEqual(["Plex Sans"]);
});
