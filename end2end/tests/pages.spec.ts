// Every page, in both themes and at both widths: axe finds nothing, nothing sticks out sideways, nothing complains.
import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "@playwright/test";
import { idOf, sees, troubles } from "../support/person.js";
import { Portal } from "../support/portal.js";

const portal = new Portal();
let id = "";
let cookies: Parameters<import("@playwright/test").BrowserContext["addCookies"]>[0] = [];

test.beforeAll(async ({ browser }) => {
  const link = await portal.start();
  const page = await browser.newPage();
  await page.goto(link);
  cookies = await page.context().cookies();
  await page.goto(`${portal.url}/jobs`);
  await sees(page, "sample-counter", "Running");
  id = await idOf(page, "sample-counter");
  await page.close();
});
test.afterAll(() => portal.remove());

const places: [string, () => string][] = [
  ["home", () => "/"],
  ["pools", () => "/pools"],
  ["pool", () => "/pools/lab"],
  ["jobs", () => "/jobs"],
  ["overview", () => `/clusters/${id}`],
  ["details", () => `/clusters/${id}/details`],
  ["savepoints", () => `/clusters/${id}/savepoints`],
  ["logs", () => `/clusters/${id}/logs`],
  ["configuration", () => `/clusters/${id}/configuration`],
  ["cluster activity", () => `/clusters/${id}/activity`],
  ["json view", () => `/clusters/${id}/view`],
  ["update", () => `/clusters/${id}/update`],
  ["new cluster", () => "/pools/lab/new"],
  ["storage", () => "/storage/lake/flink"],
  ["activity", () => "/activity"],
  ["settings", () => "/settings"],
  ["nothing here", () => "/nowhere"],
];

for (const [name, place] of places) {
  for (const colorScheme of ["light", "dark"] as const) {
    test(`${name}, ${colorScheme}`, async ({ browser }) => {
      const context = await browser.newContext({ colorScheme });
      await context.addCookies(cookies);
      const page = await context.newPage();
      const found = troubles(page);
      await page.goto(portal.url + place());
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
      const axe = await new AxeBuilder({ page }).withTags(tags).analyze();
      expect(axe.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join("\n")}`)).toEqual([]);
      await page.setViewportSize({ width: 360, height: 780 });
      const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(over, "nothing sticks out sideways on a phone").toBe(0);
      expect(found.filter((one) => name !== "nothing here" || !one.includes("404"))).toEqual([]);
      await context.close();
    });
  }
}
