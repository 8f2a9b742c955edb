import { describe, expect, it } from "vitest";
import { isDatabaseDown, violatedConstraint } from "./client";

const wrapped = (cause: object) =>
  Object.assign(new Error("Raw query failed"), {
    code: "P2010",
    meta: { driverAdapterError: Object.assign(new Error("postgres"), { name: "DriverAdapterError", cause }) },
  });

const refusing = Object.assign(new Error('database "campus" is not currently accepting connections'), {
  code: "55000",
});

describe("isDatabaseDown", () => {
  it.each([
    ["no connection free in time", new Error("timeout exceeded when trying to connect")],
    ["no connection made in time", new Error("Connection terminated due to connection timeout")],
    ["a server that stops", wrapped({ originalCode: "57P01", kind: "postgres", code: "57P01" })],
    ["a server that starts", wrapped({ originalCode: "57P03", kind: "postgres" })],
    ["a database that takes nobody in", refusing],
    [
      "the same, raw",
      wrapped({
        originalCode: "55000",
        kind: "postgres",
        originalMessage: refusing.message,
        message: refusing.message,
      }),
    ],
    ["a server without room", wrapped({ originalCode: "53300", kind: "TooManyConnections" })],
    ["a broken protocol", wrapped({ originalCode: "08P01", kind: "postgres" })],
    ["a socket", wrapped({ kind: "DatabaseNotReachable" })],
    ["a server that says nothing", new Error("Query read timeout")],
    [
      "a client that could not begin, of another copy of Prisma",
      Object.assign(new Error("no engine"), { name: "PrismaClientInitializationError" }),
    ],
    ["a driver's bare error", Object.assign(new Error("terminating"), { code: "57P01" })],
  ])("knows %s", (_what, error) => {
    expect(isDatabaseDown(error)).toBe(true);
  });

  it.each([
    ["a value out of range", wrapped({ originalCode: "22008", kind: "postgres" })],
    ["a state that a statement does not want", wrapped({ originalCode: "55000", kind: "postgres" })],
    ["a deadlock", wrapped({ originalCode: "40P01", kind: "TransactionWriteConflict" })],
    ["a push service that is away", Object.assign(new TypeError("fetch failed"), { cause: { code: "ECONNREFUSED" } })],
    ["words of a person", new Error("the text 'timeout exceeded when trying to connect' is refused")],
    ["nothing", null],
  ])("does not take %s for it", (_what, error) => {
    expect(isDatabaseDown(error)).toBe(false);
  });
});

it("a violated constraint is known in the error of another copy of Prisma", () => {
  const error = Object.assign(new Error("Unique constraint failed"), {
    name: "PrismaClientKnownRequestError",
    code: "P2002",
    meta: { driverAdapterError: { cause: { constraint: { index: "app_user_email_key" } } } },
  });
  expect(violatedConstraint(error)).toBe("app_user_email_key");
  expect(violatedConstraint(new Error('constraint "app_user_email_key"'))).toBeNull();
});
