// What the portal is asked without a page: to prepare what a test is about, and to know what is true.
import { type APIRequestContext, type APIResponse, expect } from "@playwright/test";
import { view } from "./person.js";

/** The jar with the sample jobs, where the portal puts it when it creates the sample cluster. */
export const JAR = "abfs://flink@lake.dfs.core.windows.net/samples/penstock-samples.jar";

/** What is typed into the create form: names of fields and their texts. */
export type Typed = Record<string, unknown>;

/** The portal as a person who is signed in asks it. */
export class Desk {
  constructor(
    private readonly request: APIRequestContext,
    private readonly url: string,
  ) {}

  /** Asks a question of a page. */
  async ask(name: string, body: object): Promise<any> {
    const answer = await this.request.post(`${this.url}/api/ui/${name}`, { data: body });
    expect(answer.ok(), `${name}: ${await answer.text()}`).toBeTruthy();
    return await answer.json();
  }

  /** Posts a form, and gives the answer. */
  async post(name: string, form: Record<string, string>): Promise<any> {
    const answer = await this.request.post(`${this.url}/api/ui/${name}`, { form, headers: { accept: "application/json" } });
    expect(answer.ok(), `${name}: ${await answer.text()}`).toBeTruthy();
    return await answer.json();
  }

  /** Begins a draft with this typed into it, and gives its id. */
  async draft(typed: Typed): Promise<string> {
    const id = await this.ask("new-draft", { pool: "Penstock/streaming/lab" });
    const { draft } = await this.ask("creation", { id });
    await this.ask("keep-draft", { id, form: { ...draft.form, ...typed } });
    return id;
  }

  /** Creates a cluster from the samples' jar and gives its id. */
  async create(typed: Typed): Promise<string> {
    const id = await this.draft({ jar: JAR, ...typed });
    const { draft } = await this.ask("creation", { id });
    const operation = await this.ask("create", { id, form: draft.form });
    return (await this.ask("operation", { id: operation })).cluster;
  }

  /** Posts an action as a form does, and gives the answer whatever it is. */
  async act(action: string, id: string, more: Record<string, string> = {}): Promise<APIResponse> {
    const form = { action, "clusters[0]": id, ...more };
    return await this.request.post(`${this.url}/api/ui/act`, { form, headers: { accept: "application/json" } });
  }

  /** A cluster as the JSON view gives it. */
  async view(id: string): Promise<any> {
    return await view(this.request, this.url, id);
  }

  /** Waits until the cluster is in this state and nothing is in progress. */
  async settles(id: string, state: string): Promise<void> {
    const now = async () => {
      const { row } = await this.view(id);
      return row.operation ? `${row.operation.action} in progress` : row.state;
    };
    await expect.poll(now, { timeout: 120_000 }).toBe(state);
  }

  /** The id of the cluster of this name, as soon as there is one. */
  async named(name: string): Promise<string> {
    let id = "";
    await expect(async () => {
      const { rows } = await this.ask("jobs", { query: {} });
      id = rows.find((row: any) => row.name === name)?.cluster ?? "";
      expect(id).not.toBe("");
    }).toPass({ timeout: 40_000 });
    return id;
  }
}
