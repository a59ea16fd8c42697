// The form and its jar: uploaded from the form with its progress, opened, and refused with a sentence where it is none.
import { expect, type Page } from "@playwright/test";
import { randomBytes } from "node:crypto";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { JAR } from "../support/desk.js";
import { withEntries } from "../support/jar.js";
import { opens } from "../support/person.js";
import { type Shared, test } from "../support/shared.js";

const FOLDER = "abfs://flink@lake.dfs.core.windows.net/";
const MB = 1024 * 1024;
const dialog = (page: Page) => page.getByRole("dialog", { name: "Choose a jar" });

/** The samples' jar, as the portal keeps it. */
async function samples(page: Page, url: string): Promise<Buffer> {
  return await (await page.request.get(`${url}/files/lake/flink/samples/penstock-samples.jar`)).body();
}

/** Opens the form of a new draft where its jar is named. */
async function form(page: Page, { url, desk }: Shared): Promise<void> {
  const draft = await desk.draft({ name: "jars", jar: "" });
  await opens(page, `${url}/pools/Penstock/streaming/lab/new/${draft}?tab=configuration`);
}

/** Chooses a file in the dialog that finds a jar. */
async function uploads(page: Page, name: string, buffer: Buffer): Promise<void> {
  await page.getByRole("link", { name: "Browse" }).click();
  await dialog(page).locator("input[type=file]").setInputFiles({ name, mimeType: "application/java-archive", buffer });
}

/** Lets the page send only so many bytes a second. */
async function slow(page: Page, uploadThroughput: number): Promise<void> {
  const browser = await page.context().newCDPSession(page);
  const network = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput };
  await browser.send("Network.emulateNetworkConditions", network);
}

test("a jar is uploaded with its progress, chosen, and opened", async ({ page, shared }) => {
  const pom = "META-INF/maven/org.apache.flink/flink-connector-datagen/pom.properties";
  const jar = withEntries(await samples(page, shared.url), [
    { name: pom, bytes: Buffer.from("version=1.20.5\n") },
    { name: "data.bin", bytes: randomBytes(12 * MB) },
  ]);
  await form(page, shared);
  await slow(page, 4 * MB);
  await uploads(page, "large.jar", jar);
  const progress = dialog(page).getByRole("progressbar", { name: "large.jar" });
  const part = async () => Number(await progress.getAttribute("value", { timeout: 1_000 }).catch(() => "0"));
  await expect.poll(part, "it has begun").toBeGreaterThan(0);
  const before = await part();
  await expect.poll(part, "it goes on").toBeGreaterThan(before);
  await expect(dialog(page)).toHaveCount(0);
  await expect(page.getByLabel("Jar path")).toHaveValue(`${FOLDER}large.jar`);
  const found = page.locator("#jar-hint");
  await expect(found).toHaveText(/^12\.\d MB, built for Flink 1\.20\.5, needs Java 1\d or newer\. \d classes with a main\.$/);
  await expect(page.getByText(/^The manifest names penstock\.samples\.Counter; \d others have a main\.$/)).toBeVisible();
  const offered = page.locator("datalist#mains option");
  await expect(offered.first()).toHaveAttribute("value", "penstock.samples.Counter");
});

test("an upload that is stopped leaves nothing", async ({ page, shared }) => {
  const growing = () => readdirSync(join(shared.portal.data, "uploads")).length;
  await form(page, shared);
  await slow(page, MB);
  await uploads(page, "cut.jar", randomBytes(20 * MB));
  await expect.poll(growing, "a part of it is on the disk").toBe(1);
  await dialog(page).getByRole("button", { name: "Stop" }).click();
  await expect.poll(growing, "the part is removed").toBe(0);
  const { entries } = await shared.desk.ask("list", { account: "lake", container: "flink", path: "" });
  expect(entries.map((entry: any) => entry.name)).not.toContain("cut.jar");
});

test("what is no jar is refused at its field and by the review", async ({ page, shared }) => {
  const half = (await samples(page, shared.url)).subarray(0, 8_000);
  const put = await page.request.put(`${shared.url}/files/lake/flink/half.jar`, { data: half });
  expect(put.status()).toBe(201);
  await form(page, shared);
  await uploads(page, "notes.jar", Buffer.from("These are notes."));
  await expect(page.getByLabel("Jar path")).toHaveValue(`${FOLDER}notes.jar`);
  await refused(page, /This is not a jar: it is no zip archive, or it was cut off .* Build it again or upload it again\./);
  await page.getByLabel("Jar path").fill(`${FOLDER}half.jar`);
  await refused(page, /This is not a jar: it is no zip archive, or it was cut off .* Build it again or upload it again\./);
  await page.getByLabel("Jar path").fill(`${FOLDER}nowhere.jar`);
  await refused(page, /There is no file at abfs:\/\/.*nowhere\.jar\. Upload the jar, or browse to where it is\./);
});

test("a class that the jar has not is refused by the review, which names those that it has", async ({ page, shared }) => {
  await form(page, shared);
  await page.getByLabel("Jar path").fill(JAR);
  await page.getByLabel("Entry class").fill("penstock.samples.Missing");
  const sentence = /penstock-samples\.jar has no class penstock\.samples\.Missing with a public static main\. It has: .*penstock\.samples\.Counter/;
  await reviews(page, sentence);
  await page.getByRole("link", { name: "Go to the entry class" }).click();
  await expect(page.getByLabel("Entry class")).toHaveValue("penstock.samples.Missing");
});

/** The sentence stands below the jar's field and in the review, which leads back to the field. */
async function refused(page: Page, sentence: RegExp): Promise<void> {
  await expect(page.locator("#jar-hint")).toHaveText(sentence);
  await reviews(page, sentence);
  await page.getByRole("link", { name: "Go to the jar" }).click();
  await expect(page.getByLabel("Jar path")).toBeVisible();
}

/** The review finds one thing wrong, says it, and does not create. */
async function reviews(page: Page, sentence: RegExp): Promise<void> {
  await page.getByRole("button", { name: "Next: Tags" }).click();
  await page.getByRole("button", { name: "Next: Review + create" }).click();
  await expect(page.getByText("One check failed")).toBeVisible({ timeout: 60_000 });
  await expect(page.locator("li[data-check=failed]")).toHaveText(sentence);
  await expect(page.getByRole("button", { name: "Create", exact: true })).toHaveAccessibleDescription("A check failed. Mend what it names first.");
}
