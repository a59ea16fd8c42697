// What happens is seen where it is looked at, without a reload: in the grid of another person, and on the page of an
// operation while it goes on.
import { expect } from "@playwright/test";
import { JAR } from "../support/desk.js";
import { asks, opens, row } from "../support/person.js";
import { test } from "../support/shared.js";
import { delays, follow, shown, watch } from "../support/watch.js";

/** A page looks by itself every ten seconds: what it shows well before that (ms), it was told. How fast, `xtask bench` tells. */
const TOLD = 5_000;
/** A step that lasts so long cannot pass unseen (ms). */
const LONG = 2_000;

test("what one person does, another one sees without a reload", async ({ page, other, shared: { url, desk, sample } }) => {
  const state = async () => {
    const word: string = (await desk.view(sample)).row.state;
    return word[0] + word.slice(1).toLowerCase();
  };
  await opens(other, `${url}/jobs`);
  await opens(page, `${url}/jobs`);
  const late: number[] = [];
  for (const [command, last] of [["Stop", "Stopped"], ["Start", "Running"]] as const) {
    await watch(other, `tr[data-id="${sample}"] .status`);
    const said = follow(state, last);
    await asks(page, "sample-counter", command);
    late.push(...(await delays(other, await said)));
  }
  expect(Math.max(...late), `${late} ms behind the portal`).toBeLessThan(TOLD);
});

test("a page says whether it follows what happens", async ({ page, shared: { url } }) => {
  const written = await (await page.request.get(`${url}/jobs`)).text();
  expect(written).toContain("Not live");
  await opens(page, `${url}/jobs`);
  await expect(page.getByText("Live", { exact: true })).toBeVisible();
  // Without a link what was read stays, however long it lasts.
  for (const gone of ["**/live", "**/api/**"]) await page.route(gone, (route) => route.abort());
  await opens(page, `${url}/jobs`);
  for (const place of [page.getByRole("banner"), page.getByRole("navigation", { name: "Pages" })]) {
    await expect(place.getByText("Reconnecting")).toBeVisible();
  }
  await page.clock.setSystemTime(Date.now() + 3_600_000);
  await expect(row(page, "sample-counter")).toContainText(/Running\s*1 h/);
  await expect(page.getByRole("link", { name: /^Flink Jobs [1-9]/ })).toBeVisible();
  await page.unrouteAll();
  await expect(page.getByText("Live", { exact: true })).toBeVisible();
});

test("a deployment shows each step while it goes on", async ({ page, shared: { url, desk } }) => {
  const draft = await desk.draft({ name: "steps", jar: JAR });
  await opens(page, `${url}/pools/Penstock/streaming/lab/new/${draft}?tab=review`);
  await expect(page.getByText("Validation succeeded")).toBeVisible({ timeout: 90_000 });
  await watch(page, "li[data-step=now] > b");
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await page.waitForURL(/\/operations\//);
  const id = page.url().split("/").at(-1);
  const step = async () => {
    const { steps, succeeded } = await desk.ask("operation", { id });
    return succeeded === null ? steps.find((step: any) => step.started && !step.ended)?.name ?? "" : "";
  };
  const said = await follow(step, "");
  const late = await delays(page, said);
  expect(Math.max(...late), `${late} ms behind the portal`).toBeLessThan(TOLD);
  const long = said.filter((one, i) => i + 1 < said.length && said[i + 1].at - one.at > LONG).map((one) => one.what);
  expect(long.length, "some step takes its time").toBeGreaterThan(0);
  expect((await shown(page)).map((one) => one.what)).toEqual(expect.arrayContaining(long));
  const { cluster } = await desk.ask("operation", { id });
  await desk.act("DELETE", cluster, { confirm: "steps" });
});

test("of two people who stop a job at the same time, the second is told who was first", async ({ page, other, shared }) => {
  const { url, desk, sample } = shared;
  const stop = { form: { action: "STOP", "clusters[0]": sample }, headers: { accept: "application/json" } };
  const answers = await Promise.all([page, other].map((asker) => asker.request.post(`${url}/api/ui/act`, stop)));
  await desk.settles(sample, "STOPPED");
  await desk.act("START", sample);
  await desk.settles(sample, "RUNNING");
  const [first, second] = answers.sort((one, two) => one.status() - two.status());
  expect([first.status(), second.status()]).toEqual([200, 409]);
  const told = /Stop is in progress; wait until it has ended\. Owner asked for Stop at \d\d:\d\d:\d\d UTC\./;
  expect(await second.text()).toMatch(told);
});
