// Every page and everything that opens over one: where it is, and what of it must be there before it is looked at.
import { expect, type Locator, type Page } from "@playwright/test";
import { JAR } from "./desk.js";
import { row } from "./person.js";
import type { Shared } from "./shared.js";

/** What the addresses lead to. */
export interface World extends Shared {
  /** Drafts: one that is right, one with mistakes on every tab. */
  good: string;
  bad: string;
  /** One with a script of Flink SQL that its parser refuses. */
  script: string;
  /** Operations: the creation that succeeded and the one that failed. */
  created: string;
  failed: string;
  /** A savepoint of the sample. */
  savepoint: string;
}

/** A page, or something over it. */
export interface Place {
  name: string;
  at: (world: World) => string;
  /** What it shows when its content is there. */
  shows: (page: Page) => Locator;
  /** What a person does to open it. */
  open?: (page: Page) => Promise<void>;
  /** A phone has the button for it too. */
  onPhones?: boolean;
  /** Stands outside the frame: nobody is signed in, or nothing is there. */
  alone?: boolean;
  /** The status of the answer that says what is wrong there, of which the console tells. */
  refused?: number;
}

/** Makes what the pages are to show. */
export async function world(shared: Shared): Promise<World> {
  const { desk } = shared;
  if ((await desk.view(shared.sample)).savepoints === 0) {
    await desk.act("SAVEPOINT", shared.sample);
    await expect.poll(async () => (await desk.view(shared.sample)).savepoints, { timeout: 60_000 }).toBe(1);
  }
  if ((await desk.ask("vaults", {})).length === 0) {
    await desk.post("new-vault", { name: "kv" });
    await desk.post("write-secret", { vault: "kv", secret: "db-password", value: "not shown", expires: "2099-01-31" });
    await desk.post("write-secret", { vault: "kv", secret: "db-password", value: "neither" });
    const place = { host: "127.0.0.1", port: "1", database: "metastore", tls: "disable" };
    await desk.post("new-database", { name: "hive", ...place });
  }
  const good = await desk.draft({ name: "right", jar: JAR, tags: [{ key: "team", value: "risk" }] });
  const bad = await desk.draft({
    name: "No Good",
    jar: "abfs://flink@lake.dfs.core.windows.net/../x.jar",
    task_manager_memory: "12",
    options: [{ key: "rest.port", value: "1" }, { key: "parallelism.default", value: "many" }],
    tags: [{ key: "", value: "risk" }],
  });
  const script = await desk.draft({ name: "script", program: "sql", sql: "CREATE TABLE a (n INT)\n\nINSERT </textarea>" });
  const first = async (id: string) => (await desk.ask("operations", { id })).at(-1).id;
  const { states } = await desk.ask("states", { id: shared.sample });
  const savepoint = states.find((state: { kind: string }) => state.kind === "savepoint");
  const [created, failed] = [await first(shared.sample), await first(shared.broken)];
  return { ...shared, good, bad, script, created, failed, savepoint: savepoint.id };
}

const text = (words: string | RegExp) => (page: Page) => page.getByRole("main").getByText(words).first();
const heading = (name: string | RegExp) => (page: Page) => page.getByRole("heading", { name });
const job = (name: string) => (page: Page) => row(page, name);
const tab = (draft: "good" | "bad" | "script", name: string) => (world: World) =>
  `/pools/Penstock/streaming/lab/new/${world[draft]}?tab=${name}&shown=basics.configuration.tags`;

/** Every page. */
export const pages: Place[] = [
  { name: "sign-in", at: () => "/sign-in", shows: text(/penstock link --data/), alone: true },
  { name: "sign-in link", at: () => "/sign-in/0000", shows: text(/signs one browser in/), alone: true },
  {
    name: "sign-in, refused",
    at: () => "/sign-in/0000",
    open: (page) => page.getByRole("button", { name: "Sign in" }).click(),
    shows: text("This link does not work."),
    alone: true,
  },
  { name: "nothing here", at: () => "/nowhere", shows: text("There is nothing at this address"), alone: true, refused: 404 },
  { name: "home", at: () => "/", shows: text("Needs attention") },
  { name: "pools", at: () => "/pools", shows: text("records / s") },
  { name: "pool", at: () => "/pools/Penstock/streaming/lab", shows: text(/vCPU in use/) },
  { name: "networks", at: () => "/pools/Penstock/streaming/lab/networks", shows: text(/\d+ of 16381/) },
  { name: "change a pool", at: () => "/pools/Penstock/streaming/lab/change", shows: (page) => page.getByLabel("Region") },
  { name: "delete a pool", at: () => "/pools/Penstock/streaming/lab/delete", shows: text(/A pool that has clusters is kept/) },
  { name: "new pool", at: () => "/pools/new", shows: (page) => page.getByLabel("Resource group") },
  { name: "subscriptions", at: () => "/subscriptions", shows: text("New subscription") },
  { name: "jobs of a pool", at: () => "/pools/Penstock/streaming/lab/jobs", shows: job("broken") },
  { name: "jobs", at: () => "/jobs", shows: job("broken") },
  { name: "no job matches", at: () => "/jobs?text=nobody", shows: text("No job matches") },
  { name: "jobs of a cluster", at: (w) => `/clusters/${w.sample}/jobs`, shows: text(/1–1 of 1/) },
  { name: "overview", at: (w) => `/clusters/${w.sample}`, shows: text("Where it runs") },
  { name: "overview of a failure", at: (w) => `/clusters/${w.broken}`, shows: text("Where it runs") },
  { name: "details", at: (w) => `/clusters/${w.sample}/details`, shows: text("Job id") },
  { name: "details of a failure", at: (w) => `/clusters/${w.broken}/details`, shows: text(/on purpose/) },
  { name: "details, operations", at: (w) => `/clusters/${w.broken}/details?tab=operations`, shows: text("Steps") },
  { name: "details, logs", at: (w) => `/clusters/${w.sample}/details?tab=logs`, shows: text("jobmanager.log") },
  { name: "operations", at: (w) => `/clusters/${w.sample}/operations`, shows: text("Steps") },
  { name: "savepoints", at: (w) => `/clusters/${w.sample}/savepoints`, shows: text(/savepoint-/) },
  { name: "logs", at: (w) => `/clusters/${w.sample}/logs`, shows: text("taskmanager-1.log") },
  {
    name: "a log",
    at: (w) => `/clusters/${w.sample}/logs?run=1&file=jobmanager.log`,
    shows: (page) => page.getByRole("log").getByText(/ INFO /).first(),
  },
  { name: "configuration", at: (w) => `/clusters/${w.sample}/configuration`, shows: text("pipeline.name") },
  { name: "two revisions", at: (w) => `/clusters/${w.sample}/compare?from=1&to=1`, shows: text("Nothing differs") },
  { name: "activity of a cluster", at: (w) => `/clusters/${w.sample}/activity`, shows: text("Run 1 launched") },
  { name: "json view", at: (w) => `/clusters/${w.sample}/view`, shows: text(/"job_id"/) },
  { name: "update", at: (w) => `/clusters/${w.sample}/update?go=check`, shows: text("Validation succeeded") },
  { name: "new cluster", at: () => "/pools/Penstock/streaming/lab/new", shows: (page) => page.getByLabel("Cluster name") },
  { name: "new cluster, configuration", at: tab("good", "configuration"), shows: text(/with a main\./) },
  { name: "new cluster, tags", at: tab("good", "tags"), shows: (page) => page.getByLabel("Value of team") },
  { name: "new cluster, review", at: tab("good", "review"), shows: text("Validation succeeded") },
  { name: "basics with mistakes", at: tab("bad", "basics"), shows: text(/lower-case letters/) },
  { name: "configuration with mistakes", at: tab("bad", "configuration"), shows: text(/must not contain/) },
  { name: "new cluster, Flink SQL", at: tab("script", "configuration"), shows: (page) => page.getByLabel("Script", { exact: true }) },
  { name: "tags with mistakes", at: tab("bad", "tags"), shows: (page) => page.locator("main .error").first() },
  { name: "review with mistakes", at: tab("bad", "review"), shows: text(/checks failed/) },
  { name: "deployment", at: (w) => `/operations/${w.created}`, shows: text("Your deployment is complete") },
  { name: "deployment that failed", at: (w) => `/operations/${w.failed}`, shows: heading("Deployment failed") },
  { name: "question, stop", at: (w) => `/ask?action=STOP&cluster=${w.sample}`, shows: text(/takes a savepoint and ends/) },
  { name: "question, start", at: (w) => `/ask?action=START&cluster=${w.broken}`, shows: text("Without any state") },
  { name: "question, cancel", at: (w) => `/ask?action=CANCEL&cluster=${w.sample}`, shows: text(/^What stays is|^Nothing stays/) },
  { name: "question, roll back", at: (w) => `/ask?action=ROLLBACK&cluster=${w.idle}`, shows: text("Another savepoint") },
  {
    name: "question, roll back a job that runs",
    at: (w) => `/ask?action=ROLLBACK&cluster=${w.sample}`,
    shows: text("The state that it has"),
  },
  {
    name: "question, delete a savepoint",
    at: (w) => `/clusters/${w.sample}/savepoints/delete?snapshot=${w.savepoint}`,
    shows: text(/No job can start from it/),
  },
  { name: "storage accounts", at: () => "/storage", shows: (page) => page.getByRole("button", { name: "New container" }) },
  { name: "storage account", at: () => "/accounts/lake", shows: (page) => page.getByRole("button", { name: "Test flink" }) },
  {
    name: "new storage account",
    at: () => "/accounts/new?kind=s3",
    shows: (page) => page.getByRole("button", { name: "Create account" }),
  },
  { name: "storage", at: () => "/storage/lake/flink", shows: text("samples") },
  { name: "folder", at: () => "/storage/lake/flink/samples", shows: text("penstock-samples.jar") },
  {
    name: "question, delete a file",
    at: () => "/storage/delete?account=lake&container=flink&path=samples%2Fpenstock-samples.jar",
    shows: heading("Delete penstock-samples.jar?"),
  },
  { name: "resources", at: () => "/resources", shows: (page) => page.getByRole("link", { name: "kv", exact: true }) },
  { name: "key vault", at: () => "/vaults/kv", shows: text("${kv/db-password}") },
  { name: "SQL database", at: () => "/databases/hive", shows: (page) => page.getByRole("button", { name: "Test" }) },
  {
    name: "SQL database that is not there",
    at: () => "/databases/hive?user=hive&secret=kv%2Fdb-password",
    shows: text(/Nothing listens at/),
    refused: 503,
  },
  { name: "activity", at: () => "/activity", shows: text("Run 1 launched") },
  { name: "settings", at: () => "/settings", shows: text("This one") },
];
