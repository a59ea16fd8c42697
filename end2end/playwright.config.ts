// The real binary, real Flink, a real browser. Files that leave a portal as they found it share one; beside them run, one
// after the other, those with a portal of their own: while these wait for Flink, those have the processors.
import { defineConfig } from "@playwright/test";

/** Files with a portal of their own. */
const OWN = /\/(killed|life|plain|states|ways)\.spec\.ts$/;

export default defineConfig({
  testDir: "tests",
  outputDir: "test-results",
  workers: 2,
  projects: [
    { name: "shared", testIgnore: OWN, workers: 1 },
    { name: "own", testMatch: OWN, workers: 1 },
  ],
  retries: 0,
  forbidOnly: true,
  timeout: 180_000,
  expect: { timeout: 20_000 },
  reporter: process.env.CI ? [["list"]] : [["list"], ["html", { outputFolder: "report", open: "never" }]],
  use: {
    browserName: "chromium",
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
    viewport: { width: 1440, height: 900 },
    // A trace of each test would take a sixth of the time: `npx playwright test --trace on` writes them.
    screenshot: "only-on-failure",
  },
});
