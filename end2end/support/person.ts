// What a person does in the portal, in words.
import { expect, type Locator, type Page } from "@playwright/test";

/** The row of a job in the grid. */
export function row(page: Page, name: string): Locator {
  return page.getByRole("row").filter({ has: page.getByRole("link", { name, exact: true }) });
}

/** Waits until the grid shows the job in this state. */
export async function sees(page: Page, name: string, state: string, timeout = 120_000): Promise<void> {
  const word = row(page, name).getByRole("gridcell").filter({ hasText: new RegExp(`^\\s*${state}`) });
  await expect(word.first()).toBeVisible({ timeout });
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
