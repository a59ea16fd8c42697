// What is wrong with how a page looks: what axe finds in it, and what sticks out of a window or is cut off by it.
import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** The rules of these that look at colours: all that another theme can break. */
const COLOURS = ["color-contrast", "link-in-text-block"];

/** Finds nothing wrong with the page, in both themes and on a phone. */
export async function looksRight(page: Page, onPhone?: () => Promise<void>): Promise<void> {
  const size = page.viewportSize();
  // A colour on its way to another one is neither's; who wants less motion sees only ends.
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
  expect(await violations(page), "light").toEqual([]);
  await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
  expect(await violations(page, (axe) => axe.withRules(COLOURS)), "dark").toEqual([]);
  // The narrowest window in which a grid does not scroll sideways.
  await page.setViewportSize({ width: 1280, height: 780 });
  expect(await cutOff(page), "cut off").toEqual([]);
  await page.setViewportSize({ width: 360, height: 780 });
  await onPhone?.();
  expect(await sticksOut(page), "on a phone").toEqual([]);
  if (size) await page.setViewportSize(size);
}

/** What axe finds, in a line for each rule. */
async function violations(page: Page, by = (axe: AxeBuilder) => axe.withTags(RULES)): Promise<string[]> {
  // No page has a frame, so axe needs no window of its own in which to put their findings together.
  const found = await by(new AxeBuilder({ page }).setLegacyMode()).analyze();
  return found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join("\n")}`);
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
