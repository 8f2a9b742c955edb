import { defineConfig } from "@playwright/test";
import { freePorts } from "./scripts/lib/ports.mjs";
import { CHROMIUM_ARGS, CHROMIUM_PATH } from "./tests/support/chromium";

// The configuration is read again in every worker; the ports are chosen once, by the first reader.
const ports = (process.env["CAMPUS_E2E_PORTS"] ??= (await freePorts(2)).join(","));
const [port] = ports.split(",");

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
  workers: 1, // the specs share one demo school
  retries: 0,
  forbidOnly: true,
  use: {
    baseURL: `http://localhost:${port}`,
    trace: "retain-on-failure",
    launchOptions: { executablePath: CHROMIUM_PATH, args: CHROMIUM_ARGS },
  },
});
