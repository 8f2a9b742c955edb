import { defineConfig } from "@playwright/test";
import { freePorts } from "./scripts/lib/ports.mjs";
import { CHROMIUM_ARGS, CHROMIUM_PATH, CHROMIUM_SHELL_PATH } from "./tests/support/chromium";
import { e2ePortCount, e2eWorkers, portsOfProduct } from "./tests/support/e2e-products";

// The configuration is read again in every worker; the ports are chosen once, by the first reader.
const ports = (process.env["CAMPUS_E2E_PORTS"] ??= (await freePorts(e2ePortCount())).join(","));
const [port] = portsOfProduct(ports.split(",").map(Number));

const PUSH = "**/push-*.spec.ts";

export default defineConfig({
  testDir: "tests/e2e",
  testMatch: "**/*.spec.ts",
  globalSetup: "./tests/support/e2e-setup.ts",
  outputDir: "test-results",
  reporter: process.env["CAMPUS_E2E_REPORT"]
    ? [["list"], ["json", { outputFile: process.env["CAMPUS_E2E_REPORT"] }]]
    : [["list"]],
  timeout: 60_000,
  expect: { timeout: 10_000 },
  workers: e2eWorkers(), // each with a product and a demo school of its own; specs of one file share it
  retries: 0,
  forbidOnly: true,
  use: {
    baseURL: `http://localhost:${port}`,
    // Recording takes a tenth of the time of every test; who runs one again may ask: `--trace on`.
    trace: "on-first-retry",
  },
  projects: [
    {
      name: "pages",
      testIgnore: PUSH,
      use: { launchOptions: { executablePath: CHROMIUM_SHELL_PATH, args: CHROMIUM_ARGS } },
    },
    // What has to do with push needs the whole browser: a shell knows no push service.
    { name: "push", testMatch: PUSH, use: { launchOptions: { executablePath: CHROMIUM_PATH, args: CHROMIUM_ARGS } } },
  ],
});
