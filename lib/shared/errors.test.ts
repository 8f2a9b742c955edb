import { readFileSync } from "node:fs";
import { expect, test, vi } from "vitest";
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

test("an error is known by the class of another bundle, which is a class of its own; nothing else is", async () => {
  vi.resetModules();
  const other = await import("./errors");
  expect(other.AppError).not.toBe(AppError);
  expect([
    new AppError("not_found") instanceof other.AppError,
    new other.AppError("not_found") instanceof AppError,
  ]).toEqual([true, true]);
  for (const each of [new Error("not_found"), { name: "AppError", code: "not_found" }, null, undefined, "not_found"])
    expect(each instanceof AppError).toBe(false);
});
