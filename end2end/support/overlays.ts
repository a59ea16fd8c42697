// Everything that opens over a page.
import type { Page } from "@playwright/test";

import { presses } from "./person.js";
import type { Place } from "./places.js";

const dialog = (page: Page) => page.getByRole("dialog");
const jobs = () => "/jobs";
const press = (name: string | RegExp) => (page: Page) => page.getByRole("button", { name }).first().click();

/** A menu over the grid, by its button and a word in it. */
function menu(button: string | RegExp, word: string, onPhones = true): Place {
  const shows = (page: Page) => page.locator("[popover]:popover-open").getByText(word).first();
  return { name: `the menu with ${word}`, at: jobs, shows, open: press(button), onPhones };
}

export const overlays: Place[] = [
  {
    name: "the details over the grid",
    at: (world) => `/jobs?open=${world.broken}`,
    shows: (page) => page.getByRole("complementary", { name: "Details" }).getByText(/on purpose/).first(),
  },
  {
    name: "the question Stop",
    at: jobs,
    open: (page) => presses(page, "sample-counter", "Stop"),
    shows: (page) => dialog(page).getByText(/takes a savepoint and ends/),
  },
  {
    name: "the question Start",
    at: jobs,
    open: (page) => presses(page, "broken", "Start"),
    shows: (page) => dialog(page).getByText("Without any state"),
  },
  {
    name: "the question Delete",
    at: jobs,
    open: (page) => presses(page, "broken", "Delete"),
    shows: (page) => dialog(page).getByLabel("Type broken to confirm"),
  },
  {
    name: "the palette",
    at: jobs,
    open: (page) => page.keyboard.press("/"),
    shows: (page) => page.getByRole("option", { name: /sample-counter/ }).first(),
  },
  {
    name: "the list of keys",
    at: jobs,
    open: (page) => page.keyboard.press("?"),
    shows: (page) => dialog(page).getByText("In a grid: select the row"),
  },
  {
    name: "the question before state is deleted",
    at: (world) => `/clusters/${world.sample}/savepoints`,
    open: press("Delete this savepoint"),
    shows: (page) => dialog(page).getByText(/No job can start from it/),
  },
  {
    name: "the dialog that finds a jar",
    at: (world) => `/pools/Penstock/streaming/lab/new/${world.good}?tab=configuration`,
    open: (page) => page.getByRole("link", { name: "Browse" }).click(),
    shows: (page) => dialog(page).getByRole("button", { name: "samples" }),
  },
  menu("Status", "Launch failed"),
  menu("Tag", "team"),
  menu(/^Rows/, "200"),
  menu("All pools", "lab", false),
  menu(/^Notifications/, "Operations of the last day"),
  menu(/^Account of/, "Sign out"),
];
