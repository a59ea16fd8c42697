// What the sample job counted: it says so in the logs of its task managers, which proves what became of its state.
import { type APIRequestContext, expect } from "@playwright/test";

/** A run of a cluster. */
export interface Run {
  request: APIRequestContext;
  url: string;
  id: string;
  run: number;
}

/** Every count that the run has written so far. */
export async function counts(run: Run): Promise<number[]> {
  return await written(run, /count is (\d+)/g);
}

/** The highest count that the run has written, once it has written one as high as this. */
export async function reached(run: Run, least = 1): Promise<number> {
  const highest = async () => Math.max(0, ...(await counts(run)));
  await expect.poll(highest, { timeout: 60_000 }).toBeGreaterThanOrEqual(least);
  return await highest();
}

/** The highest count with which a subtask began the run: what its state held. */
export async function began(run: Run): Promise<number> {
  const found = () => written(run, /count starts at (\d+)/g);
  await expect.poll(async () => (await found()).length, { timeout: 60_000 }).toBeGreaterThan(0);
  return Math.max(...(await found()));
}

async function written({ request, url, id, run }: Run, what: RegExp): Promise<number[]> {
  const found: number[] = [];
  for (const manager of [1, 2, 3, 4]) {
    const answer = await request.get(`${url}/clusters/${id}/logs/${run}/taskmanager-${manager}.log`);
    if (!answer.ok()) continue;
    for (const match of (await answer.text()).matchAll(what)) found.push(Number(match[1]));
  }
  return found;
}
