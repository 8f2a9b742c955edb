// Set-up file of every test: what is written to console.error fails the test that wrote it. A test that expects it
// replaces console.error itself: `vi.spyOn(console, "error").mockImplementation(() => {})`.
import { inspect } from "node:util";
import { afterEach, beforeEach } from "vitest";

const original = console.error;
let written: string[] = [];

function record(...parts: unknown[]): void {
  written.push(parts.map((part) => (typeof part === "string" ? part : inspect(part))).join(" "));
  original(...parts);
}

beforeEach(() => {
  written = [];
  console.error = record;
});

afterEach(() => {
  console.error = original;
  if (written.length > 0) throw new Error(`console.error was called:\n${written.join("\n")}`);
});
