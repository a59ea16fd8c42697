// Every page and everything that opens over one, in both themes and at every width: axe finds nothing, nothing sticks
// out sideways or is cut off, nothing complains.
import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";
import { overlays } from "../support/overlays.js";
import { opens, troubles } from "../support/person.js";
import { pages, type World, world } from "../support/places.js";
import { test } from "../support/shared.js";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
let here: World;

test.beforeAll(async ({ shared }) => {
  here = await world(shared);
});

for (const place of [...pages, ...overlays]) {
  test(place.name, async ({ page }) => {
    const found = troubles(page);
    // A colour on its way to another one is neither's; who wants less motion sees only ends.
    await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
    if (place.name.startsWith("sign-in")) await page.context().clearCookies();
    const address = here.url + place.at(here);
    await (place.alone ? page.goto(address) : opens(page, address));
    await place.open?.(page);
    await expect(place.shows(page)).toBeVisible({ timeout: 60_000 });

    expect(await violations(page), "light").toEqual([]);
    await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
    expect(await violations(page), "dark").toEqual([]);
    // The narrowest window in which a grid does not scroll sideways.
    await page.setViewportSize({ width: 1280, height: 780 });
    expect(await cutOff(page), "cut off").toEqual([]);
    await page.setViewportSize({ width: 360, height: 780 });
    if (place.onPhones) {
      await page.keyboard.press("Escape");
      await place.open?.(page);
    }
    expect(await sticksOut(page), "on a phone").toEqual([]);
    expect(found.filter((one) => place.name !== "nothing here" || !one.includes("404"))).toEqual([]);
  });
}

/** What axe finds, in a line for each rule. */
async function violations(page: Page): Promise<string[]> {
  // No page has a frame, so axe needs no window of its own in which to put their findings together.
  const axe = await new AxeBuilder({ page }).withTags(RULES).setLegacyMode().analyze();
  return axe.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join("\n")}`);
}

/** Grids of which a part can neither be seen nor be scrolled to. */
async function cutOff(page: Page): Promise<string[]> {
  return await page.locator(".grid-frame").evaluateAll((frames) => {
    const wide = (frame: Element) => frame.scrollWidth > frame.clientWidth && getComputedStyle(frame).overflowX === "clip";
    return frames.filter(wide).map((frame) => `${frame.scrollWidth} px in ${frame.clientWidth} px`);
  });
}

/** What is wider than the window: the page itself, or something over it. */
async function sticksOut(page: Page): Promise<string[]> {
  const over = page.locator("html, dialog[open], [popover]:popover-open, aside.panel");
  return await over.evaluateAll((all) => {
    const wide = (one: Element) => {
      const { left, right } = one.getBoundingClientRect();
      return left < 0 || right > document.documentElement.clientWidth || one.scrollWidth > one.clientWidth;
    };
    return all.filter(wide).map((one) => `${one.tagName} ${one.className}`);
  });
}
