// The same line where no script runs: plain links and form posts, the same messages at the same fields.
import { expect, test } from "@playwright/test";
import { signsIn } from "../support/person.js";
import { Portal } from "../support/portal.js";

const portal = new Portal();
test.use({ javaScriptEnabled: false });
test.afterAll(() => portal.remove());

test("a jar is uploaded, a form is refused with reasons at its fields, then creates a cluster that runs, and a folder is lent to jobs, without script", async ({ page }) => {
  await signsIn(page, await portal.start());
  const files = `${portal.url}/files/lake/flink/samples/penstock-samples.jar`;
  const jar = { name: "plain.jar", mimeType: "application/java-archive", buffer: await (await page.request.get(files)).body() };
  await page.goto(`${portal.url}/storage/lake/flink`);
  for (const outcome of [page.getByRole("link", { name: "plain.jar", exact: true }), page.getByText(/plain\.jar: .*there/)]) {
    await page.getByLabel("Files", { exact: true }).setInputFiles(jar);
    await page.getByRole("button", { name: "Upload", exact: true }).click();
    await expect(outcome).toBeVisible();
  }

  await page.goto(`${portal.url}/pools/Penstock/streaming/lab/new`);
  await page.getByLabel("Cluster name").fill("No Good");
  await page.getByRole("button", { name: "Next: Configuration" }).click();
  await page.getByLabel("Jar path").fill("abfs://flink@lake.dfs.core.windows.net/../secret.jar");
  await page.getByLabel("Task manager memory").fill("12");
  await page.getByRole("button", { name: "Next: Tags" }).click();
  await page.getByRole("button", { name: "Next: Review + create" }).click();
  await expect(page.getByText(/lower-case letters/).first()).toBeVisible();
  await expect(page.getByText(/must not contain “.” or “..”/).first()).toBeVisible();
  await expect(page.getByText(/1800/).first()).toBeVisible();

  await page.getByRole("link", { name: /Basics/ }).first().click();
  await expect(page.getByLabel("Cluster name")).toHaveValue("No Good");
  await expect(page.getByLabel("Cluster name")).toHaveAttribute("aria-invalid", "true");
  await page.getByLabel("Cluster name").fill("plain");
  await page.getByRole("button", { name: "Next: Configuration" }).click();
  await page.getByLabel("Jar path").fill("abfs://flink@lake.dfs.core.windows.net/plain.jar");
  await page.getByLabel("Task manager memory").fill("1800");
  await page.getByRole("button", { name: "Next: Tags" }).click();
  await page.getByRole("button", { name: "Next: Review + create" }).click();
  await expect(page.getByText("Validation succeeded")).toBeVisible({ timeout: 90_000 });
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await expect(async () => {
    await page.reload();
    await expect(page.getByText("Your deployment is complete")).toBeVisible({ timeout: 1000 });
  }).toPass({ timeout: 150_000 });

  await page.goto(`${portal.url}/pools/Penstock/streaming/lab`);
  for (const [typed, outcome] of [
    ["srv/data", page.getByText(/no absolute path/)],
    ["/usr/share", page.getByRole("listitem").filter({ hasText: "/usr/share" })],
  ] as const) {
    await page.getByLabel("Folders").fill(typed);
    await page.getByRole("button", { name: "Save" }).click();
    await expect(outcome).toBeVisible();
  }
  await page.goto(`${portal.url}/settings`);
  await expect(page.getByText("Memory of a checked program")).toBeVisible();
});
