// A portal of the test's own: its own data folder, port and loopback range, so that it never meets another one.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const binary = needed("PENSTOCK_BIN");
const flinkHome = needed("PENSTOCK_FLINK_HOME");

function needed(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set. Run the browser tests with: cargo xtask test browser`);
  return value;
}

/** How long the portal may take to end when it is asked to (ms). */
const PATIENCE = 10_000;

let ranges = 40 + (process.pid % 80);

export class Portal {
  /** Its data folder, made when it starts: who only lists the tests makes a portal too. */
  data = "";
  private process?: ChildProcess;
  private printed = "";
  private port = 0;
  private readonly range = `127.${ranges++}.0.0/16`;

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** What the portal printed so far. */
  get output(): string {
    return this.printed;
  }

  /** Starts the portal and waits until it has printed its sign-in link, which is returned. */
  async start(): Promise<string> {
    this.port ||= await freePort();
    this.data ||= mkdtempSync(join(tmpdir(), "penstock-end2end-"));
    const before = this.printed.length;
    const child = spawn(binary, this.serve(), { stdio: ["ignore", "pipe", "pipe"] });
    this.process = child;
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (this.printed += text));
    return await new Promise((resolve, reject) => {
      const look = () => {
        const link = /http:\S+\/sign-in\/\S+/.exec(this.printed.slice(before));
        if (link) resolve(link[0]);
      };
      child.stdout.on("data", look);
      child.on("exit", (code) => reject(new Error(`the portal ended with ${code}:\n${this.printed}`)));
    });
  }

  /** The command line that serves this data folder. */
  serve(): string[] {
    return [
      "serve",
      ...["--data", this.data],
      ...["--flink-home", flinkHome],
      ...["--listen", `127.0.0.1:${this.port}`],
      ...["--loopback", this.range],
      // An update has held sooner than people would have it: these jobs checkpoint once a minute.
      ...["--probation", "5s"],
      "--sample",
    ];
  }

  /** Another one-time sign-in link, as an operator asks for one beside the running portal. */
  link(): string {
    const made = spawnSync(binary, ["link", "--data", this.data], { encoding: "utf8" });
    if (made.status !== 0) throw new Error(`no link: ${made.stderr}`);
    return made.stdout.trim();
  }

  /** Ends the portal at once, in the middle of whatever it does. The clusters run on. */
  async kill(): Promise<void> {
    await this.end("SIGKILL");
  }

  /** Ends the portal politely. The clusters run on. */
  async stop(): Promise<void> {
    await this.end("SIGTERM");
  }

  /** Ends the portal and its clusters and removes the data folder. One that panicked fails whoever used it. */
  async remove(): Promise<void> {
    if (!this.data) return;
    await this.kill();
    const cleaned = spawnSync(binary, ["clean", "--data", this.data], { encoding: "utf8" });
    rmSync(this.data, { recursive: true, force: true });
    if (cleaned.status !== 0) throw new Error(`clean failed: ${cleaned.stderr}`);
    if (this.printed.includes("panicked at")) throw new Error(`the portal panicked:\n${this.printed}`);
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise<boolean>((resolve) => child.once("exit", () => resolve(true)));
    child.kill(signal);
    const waited = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), PATIENCE).unref());
    if (await Promise.race([gone, waited])) return;
    child.kill("SIGKILL");
    await gone;
    throw new Error(`the portal did not end within ${PATIENCE} ms of ${signal}`);
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => (typeof address === "object" && address ? resolve(address.port) : reject(new Error("no port"))));
    });
  });
}
