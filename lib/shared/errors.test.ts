import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { AppError, ERROR_CODES } from "./errors";

test("docs/errors.md has a line for each code, with its status, and no other", () => {
  const page = readFileSync("docs/errors.md", "utf8");
  const documented = [...page.matchAll(/`(\w+)`\s+\| (\d{3})\s+\|/g)].map(([, code, status]) => `${code} ${status}`);
  expect(documented.sort()).toEqual(
    Object.entries(ERROR_CODES)
      .map(([code, { status }]) => `${code} ${status}`)
      .sort(),
  );
});

test("an error carries the status and whether it may be tried again", () => {
  const error = new AppError("unavailable", { retryAfterSeconds: 2 });
  expect([error.status, error.retriable, error.retryAfterSeconds]).toEqual([503, true, 2]);
});
