// The hand is safe: while ten changes a second arrive, every press arrives, nothing that can be pressed is replaced, what
// has the focus keeps it, what is selected stays selected, and the console says nothing.
import { expect, type Locator, type Page } from "@playwright/test";
import { answers, Changes } from "../support/changes.js";
import { opens, row, selects, troubles } from "../support/person.js";
import { pages, type World, world } from "../support/places.js";
import { test } from "../support/shared.js";

/** How often each thing is done; what is pressed is pressed again to leave the page as it was. */
const TIMES = 12;

let here: World;
let changes: Changes;

test.beforeAll(async ({ shared, playwright }) => {
  here = await world(shared);
  const { cookies, url } = shared;
  changes = new Changes(await playwright.request.newContext({ storageState: { cookies, origins: [] } }), url);
  changes.start();
});
test.afterAll(() => changes?.stop());

const dialog = (page: Page) => page.getByRole("dialog");
const bar = (page: Page) => page.getByRole("toolbar", { name: "Actions" });
const button = (within: Page | Locator, name: string | RegExp) => within.getByRole("button", { name });

/** Something that is pressed and shows that it was; the second press takes the first one back. */
interface Hand {
  name: string;
  at: (world: World) => string;
  /** Once, before anything is pressed. */
  before?: (page: Page) => Promise<void>;
  press: (page: Page) => Locator;
  arrived: (page: Page) => Promise<void>;
  back?: (page: Page) => Locator;
  gone: (page: Page) => Promise<void>;
}

const asks = (question: string) => ({
  arrived: (page: Page) => expect(dialog(page).getByRole("heading", { name: question })).toBeVisible(),
  back: (page: Page) => button(dialog(page), /^(Back|Keep it)$/),
  gone: (page: Page) => expect(dialog(page)).toHaveCount(0),
});
const menu = (word: string) => ({
  arrived: (page: Page) => expect(page.locator("[popover]:popover-open").getByText(word).first()).toBeVisible(),
  gone: (page: Page) => expect(page.locator("[popover]:popover-open")).toHaveCount(0),
});
const unfolds = (what: (page: Page) => Locator) => ({
  arrived: (page: Page) => expect(what(page)).not.toHaveAttribute("open"),
  gone: (page: Page) => expect(what(page)).toHaveAttribute("open"),
});
const range = (page: Page, name: string) => page.getByRole("link", { name, exact: true });
const steps = (page: Page) => page.locator("main details").filter({ hasText: "Steps" }).first();
const exception = (page: Page) => page.locator("main details.exception").first();
const selected = (page: Page, name: string, yes: boolean) =>
  expect(row(page, name)).toHaveAttribute("aria-selected", `${yes}`);

const hands: Hand[] = [
  {
    name: "a command on a cluster's page",
    at: (w) => `/clusters/${w.sample}`,
    press: (page) => button(bar(page), "Cancel"),
    ...asks("Cancel sample-counter"),
  },
  {
    name: "a command beside the savepoints",
    at: (w) => `/clusters/${w.sample}/savepoints`,
    before: (page) => page.getByRole("radio", { name: /^Choose savepoint-/ }).first().click(),
    press: (page) => button(bar(page), "Delete the chosen…"),
    ...asks("Delete this savepoint?"),
  },
  {
    name: "a command over the grid",
    at: () => "/jobs",
    before: (page) => selects(page, "idle"),
    press: (page) => button(bar(page), "Delete"),
    ...asks("Delete idle"),
  },
  {
    name: "a row's box",
    at: () => "/jobs",
    press: (page) => row(page, "idle").getByRole("checkbox"),
    arrived: (page) => selected(page, "idle", true),
    gone: (page) => selected(page, "idle", false),
  },
  {
    name: "a row's name",
    at: () => "/jobs",
    press: (page) => row(page, "idle").getByRole("link", { name: "idle", exact: true }),
    arrived: (page) => expect(page.getByRole("complementary").getByRole("heading", { name: "idle" })).toBeVisible(),
    back: (page) => page.getByRole("complementary").getByRole("link", { name: "Close" }),
    gone: (page) => expect(page.getByRole("complementary")).toHaveCount(0),
  },
  { name: "a filter's menu", at: () => "/jobs", press: (page) => button(page, "Status"), ...menu("Launch failed") },
  { name: "the bell", at: () => "/", press: (page) => button(page, /^Notifications/), ...menu("Operations of the last day") },
  {
    name: "a way out of the details",
    at: (w) => `/jobs?open=${w.broken}`,
    press: (page) => page.getByRole("complementary").getByRole("link", { name: "Start", exact: true }),
    ...asks("Start broken"),
  },
  {
    name: "the start of what needs a person",
    at: () => "/",
    press: (page) => page.getByRole("main").getByRole("link", { name: "Start", exact: true }),
    ...asks("Start broken"),
  },
  {
    name: "a savepoint's deletion",
    at: (w) => `/clusters/${w.sample}/savepoints`,
    press: (page) => button(page, "Delete this savepoint").first(),
    ...asks("Delete this savepoint?"),
  },
  {
    name: "an operation's steps",
    at: (w) => `/clusters/${w.sample}/operations`,
    press: (page) => steps(page).getByText("Steps"),
    ...unfolds(steps),
  },
  {
    name: "an exception",
    at: (w) => `/operations/${w.failed}`,
    press: (page) => exception(page).getByText("as it was given"),
    ...unfolds(exception),
  },
  {
    name: "the time of the plots",
    at: (w) => `/clusters/${w.sample}`,
    press: (page) => range(page, "Last day"),
    arrived: (page) => expect(range(page, "Last day")).toHaveAttribute("aria-current"),
    back: (page) => range(page, "Last hour"),
    gone: (page) => expect(range(page, "Last hour")).toHaveAttribute("aria-current"),
  },
];

for (const hand of hands) {
  test(`${hand.name}: every press arrives`, async ({ page }) => {
    const found = troubles(page);
    await opens(page, here.url + hand.at(here));
    await hand.before?.(page);
    for (let time = 0; time < TIMES; time += 1) {
      await press(page, hand.press(page), time);
      await hand.arrived(page);
      await press(page, (hand.back ?? hand.press)(page), time + 1);
      await hand.gone(page);
    }
    expect(found).toEqual([]);
  });
}

/** Presses as a person does: now at once, now so slowly that what is pressed has been read again before it is let go. */
async function press(page: Page, what: Locator, time: number): Promise<void> {
  if (time % 3 !== 1) return await what.click();
  await what.hover();
  await page.mouse.down();
  await answers(page);
  await page.mouse.up();
}

for (const [name, at, field] of [
  ["the grid's filter", "/jobs", "Filter by name"],
  ["the filter of what happened", "/activity", "Filter by title, cluster or person"],
  ["the filter of a folder", "/storage/lake/flink", "Filter by name"],
]) {
  test(`${name}: every letter arrives`, async ({ page }) => {
    const found = troubles(page);
    await opens(page, here.url + at);
    const input = page.getByLabel(field);
    await input.click();
    const word = "sample-counter";
    for (let end = 1; end <= word.length; end += 1) {
      await page.keyboard.press(word[end - 1]);
      await expect(input).toHaveValue(word.slice(0, end));
      await answers(page);
      await expect(input).toHaveValue(word.slice(0, end));
      await expect(input).toBeFocused();
    }
    expect(found).toEqual([]);
  });
}

test("rows that are pressed by keys", async ({ page }) => {
  const found = troubles(page);
  await opens(page, `${here.url}/jobs?sort=name`);
  await row(page, "broken").focus();
  for (let time = 0; time < TIMES; time += 1) {
    await page.keyboard.press("Space");
    await selected(page, "broken", true);
    await page.keyboard.press("Space");
    await selected(page, "broken", false);
    await page.keyboard.press("ArrowDown");
    await expect(row(page, "idle")).toBeFocused();
    await answers(page);
    await page.keyboard.press("ArrowUp");
    await expect(row(page, "broken")).toBeFocused();
  }
  expect(found).toEqual([]);
});

test("savepoints that are asked for while others are taken", async ({ page }) => {
  const found = troubles(page);
  const taken = async () => (await here.desk.view(here.sample)).savepoints;
  const before = await taken();
  await opens(page, `${here.url}/clusters/${here.sample}`);
  for (let time = 1; time <= 4; time += 1) {
    const savepoint = button(bar(page), "Savepoint");
    await expect(savepoint).not.toHaveAttribute("aria-disabled");
    await press(page, savepoint, time);
    await expect(page.getByRole("status").getByText("Savepoint is on its way").first()).toBeVisible();
    await expect.poll(taken, { timeout: 60_000 }).toBe(before + time);
    await button(page, "Dismiss").first().click();
  }
  expect(found).toEqual([]);
});

/** Pages that read again what they show. */
const FOLLOW = [
  ...["home", "pools", "pool", "jobs", "jobs of a cluster", "overview", "overview of a failure", "details"],
  ...["details of a failure", "details, operations", "operations", "savepoints", "logs", "a log", "configuration"],
  ...["activity of a cluster", "json view", "deployment", "deployment that failed", "storage accounts", "folder", "activity"],
];

for (const place of pages.filter((place) => FOLLOW.includes(place.name))) {
  test(`${place.name}: focus and selection stay, and so does everything that can be pressed`, async ({ page }) => {
    const found = troubles(page);
    await opens(page, here.url + place.at(here));
    // Of all that happened only the newest is shown, which are the changes; they push each other off the page.
    const pushed = place.name === "activity";
    await expect(pushed ? page.getByRole("link", { name: "Older" }) : place.shows(page)).toBeVisible();
    if (pushed) await expect(page.locator("main section a")).toHaveCount(0);
    await answers(page);
    const selected = await holds(page, pushed ? "h1" : "main :is(dd, .code-block, td .name, li p, h2)");
    await answers(page, 10);
    expect(await held(page)).toEqual({ replaced: [], focused: true, selected });
    expect(found).toEqual([]);
  });
}

/** Focuses the last thing of the page, selects a text in it, and keeps in mind all that can be pressed. */
async function holds(page: Page, of: string): Promise<string> {
  return await page.evaluate((of) => {
    const kept = [...document.querySelectorAll<HTMLElement>("main a, main button, main input, main summary, main tr, header a, nav a")];
    const focus = kept.filter((one) => one.closest("main") && one.tagName !== "TR" && one.checkVisibility()).at(-1) ?? kept[0];
    focus.focus();
    const text = document.querySelector(of) ?? document.querySelector("h1");
    if (text) getSelection()?.selectAllChildren(text);
    Object.assign(window, { kept, focus });
    return `${getSelection()}`;
  }, of);
}

/** What has become of all that. */
async function held(page: Page): Promise<{ replaced: string[]; focused: boolean; selected: string }> {
  return await page.evaluate(() => {
    const { kept, focus } = window as unknown as { kept: HTMLElement[]; focus: HTMLElement };
    const replaced = kept.filter((one) => !one.isConnected).map((one) => one.outerHTML);
    return { replaced, focused: document.activeElement === focus, selected: `${getSelection()}` };
  });
}
