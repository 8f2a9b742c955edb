import http from "node:http";
import { Socket } from "node:net";
import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Prisma } from "@/lib/platform/db/client";
import { log } from "@/lib/platform/runtime/log";
import { AppError } from "@/lib/shared/errors";
import { forgetSingletons } from "@/tests/support/singletons";
import { digestOf, markOutages, whileAnswering } from "./outage";
import { logPageError, quietConsole } from "./page-errors";

const CANARY = "anna.svobodova@school.example";

/** An error as the database driver makes it: what a person sent is in the message and in what hangs on it. */
function leaking(): Error {
  const cause = new Error(`invalid input: "${CANARY}"`);
  const error = new Error(`Invalid query\n    at ${CANARY}\nwith { email: "${CANARY}" }`, { cause });
  return Object.assign(error, { code: "P2010", digest: "123", meta: { value: CANARY, driverAdapterError: cause } });
}

const context = {
  routerKind: "App Router",
  routePath: "/invite/[token]",
  routeType: "render",
  revalidateReason: undefined,
} as const;

describe("what a page throws", () => {
  const { error: originalError, warn: originalWarn } = console;
  let written: string[];
  beforeEach(() => {
    forgetSingletons();
    written = [];
    const record = (...parts: unknown[]) => void written.push(parts.map((part) => inspect(part)).join(" "));
    Object.assign(console, { error: record, warn: record });
  });
  afterEach(() => {
    Object.assign(console, { error: originalError, warn: originalWarn });
  });

  it("is printed without its words, with what helps to find it", () => {
    quietConsole();
    console.error("⨯", leaking());
    console.warn(leaking());
    console.error("⨯", `Failed to handle request for /invite/${CANARY}?x=1`);
    const all = written.join("\n");
    expect(all).not.toContain(CANARY);
    expect(all).toContain("Error P2010");
    expect(all).toContain("page-errors.test.ts");
  });

  it("is logged without its words, with the request, the route and the digest", async () => {
    const error = vi.spyOn(log(), "error");
    const request = {
      path: `/invite/${CANARY}`,
      method: "GET",
      headers: { "x-request-id": "request-0123456789", cookie: CANARY },
    };
    await logPageError(leaking(), request, context);
    expect(error.mock.calls).toMatchObject([
      [
        { requestId: "request-0123456789", route: "/invite/[token]", digest: "123", err: { code: "P2010" } },
        "page failed",
      ],
    ]);
    expect(inspect(error.mock.calls, { depth: null })).not.toContain(CANARY);
  });

  it("for want of the database has one digest, is one line a request, and is not printed besides", async () => {
    markOutages();
    quietConsole();
    const error = vi.spyOn(log(), "error");
    const away = () => new Prisma.PrismaClientKnownRequestError("away", { code: "P1001", clientVersion: "7" });
    const other = new Prisma.PrismaClientKnownRequestError("other", { code: "P2002", clientVersion: "7" });
    expect([digestOf(away()), digestOf(new AppError("unavailable"))]).toEqual(["unavailable", "unavailable"]);
    expect([digestOf(other), digestOf(new AppError("internal")), digestOf(null)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    Object.assign(other, { digest: "123" }); // as Next.js does
    expect(digestOf(other)).toBe("123");

    const request = { path: "/inbox", method: "GET", headers: {} };
    const response = new http.ServerResponse(new http.IncomingMessage(new Socket()));
    await whileAnswering(response, async () => {
      // The driver's own, to which Next.js has given a digest of its own by now.
      const ofDriver = Object.assign(new Error("timeout exceeded when trying to connect"), { digest: "123" });
      for (const each of [away(), away(), ofDriver, new AppError("unavailable")]) {
        console.error("⨯", each);
        await logPageError(each, request, { ...context, routePath: "/inbox" });
      }
    });
    expect(error.mock.calls).toMatchObject([
      [{ route: "/inbox", code: "unavailable", digest: "unavailable" }, "page failed"],
    ]);
    expect(written).toEqual([]);
  });
});
