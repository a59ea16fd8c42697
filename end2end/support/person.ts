// What a person does in the portal, in words.
import { type APIRequestContext, expect, type Locator, type Page } from "@playwright/test";

/** Opens a one-time link and presses the button that uses it up. */
export async function signsIn(page: Page, link: string): Promise<void> {
  await page.goto(link);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL((url) => !url.pathname.startsWith("/sign-in/"));
}

/** Opens a page and waits until its script has taken it over. */
export async function opens(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await taken(page);
}

/** Loads the page anew, as its address says, and waits until its script has taken it over. */
export async function reloads(page: Page): Promise<void> {
  await page.reload();
  await taken(page);
}

/** A page without its script yet does everything by links and forms, also what a test wants to see done by script. */
async function taken(page: Page): Promise<void> {
  await page.waitForFunction(() => performance.getEntriesByName("hydrated").length > 0);
}

/** The row of a job in the grid. */
export function row(page: Page, name: string): Locator {
  return page.getByRole("row").filter({ has: page.getByRole("link", { name, exact: true }) });
}

/** Waits until the grid shows the job in this state. */
export async function sees(page: Page, name: string, state: string, timeout = 120_000): Promise<void> {
  const word = row(page, name).getByRole("gridcell").filter({ hasText: new RegExp(`^\\s*${state}`) });
  await expect(word.first()).toBeVisible({ timeout });
}

/** Selects the job. */
export async function selects(page: Page, name: string): Promise<void> {
  await row(page, name).getByRole("checkbox").check();
}

/** Selects the job and presses a command that asks nothing. */
export async function presses(page: Page, name: string, command: string): Promise<void> {
  await selects(page, name);
  await page.getByRole("toolbar", { name: "Actions" }).getByRole("button", { name: command, exact: true }).click();
}

/** Selects the job, presses the command, answers its question, and presses the button that does it. */
export async function asks(
  page: Page,
  name: string,
  command: string,
  { answer, button = command }: { answer?: (dialog: Locator) => Promise<void>; button?: string } = {},
): Promise<void> {
  await presses(page, name, command);
  const dialog = page.getByRole("dialog");
  await expect(dialog).toBeVisible();
  await answer?.(dialog);
  await dialog.getByRole("button", { name: button, exact: true }).click();
  await expect(dialog).toBeHidden();
}

/** The cluster's id, from its row. */
export async function idOf(page: Page, name: string): Promise<string> {
  const id = await row(page, name).getAttribute("data-id");
  expect(id, `the row of ${name} has its cluster's id`).toBeTruthy();
  return id as string;
}

/** A cluster as the JSON view gives it. */
export async function view(request: APIRequestContext, url: string, id: string): Promise<any> {
  const answer = await request.get(`${url}/clusters/${id}/json`);
  expect(answer.ok()).toBeTruthy();
  return await answer.json();
}

/** Everything that a page does wrong, gathered while the test goes on. */
export function troubles(page: Page): string[] {
  const found: string[] = [];
  page.on("pageerror", (error) => found.push(`error: ${error.message}`));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) found.push(`${message.type()}: ${message.text()}`);
  });
  page.on("request", (request) => {
    const host = new URL(request.url()).hostname;
    if (host !== "127.0.0.1") found.push(`a request left the portal: ${request.url()}`);
  });
  return found;
}
