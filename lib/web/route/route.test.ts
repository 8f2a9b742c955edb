import { beforeEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { allOperations } from "@/app/api/openapi.json/operations";
import { markBulkOperation } from "@/lib/attendance/operations";
import { markBulkSchema } from "@/lib/attendance/schema";
import type { Actor } from "@/lib/shared/context";
import { AppError } from "@/lib/shared/errors";
import { operation } from "@/lib/shared/operation";
import { pageQuery, textSchema } from "@/lib/shared/schema";
import { route } from "./route";

const authenticateRequest = vi.hoisted(() => vi.fn());
vi.mock("@/lib/identity/sessions/authenticate", () => ({ authenticateRequest }));

const actor: Actor = { userId: "u1", schoolId: "s1", roles: ["STUDENT"], sessionId: "a1" };
const body = z.object({ text: textSchema(20) });
const base = { id: "echo", method: "POST", path: "/api/echo/{id}", summary: "", tag: "operations" } as const;
const open = operation({ ...base, access: "public", body, responses: { 200: body }, errors: [] });
const echo = route(open, async ({ body: { text } }) => ({ status: 200, body: { text } }));
const segment = { params: Promise.resolve({}) };

beforeEach(() => {
  authenticateRequest.mockReset().mockResolvedValue({ actor, via: "bearer" });
});

describe("a body", () => {
  it("is given to the use-case when it is valid", async () => {
    const response = await echo(post('{"text":" hello ","more":1}'), segment);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ text: "hello" });
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(response.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
  });

  it.each([
    ["nothing", ""],
    ["half a value", '{"text":'],
    ["another type", '"text"'],
    ["a NUL", '{"text":"a\\u0000b"}'],
    ["a lone surrogate", '{"text":"\\ud800"}'],
    ["a control character", '{"text":"\\u0007"}'],
    ["text that is too long", JSON.stringify({ text: "x".repeat(21) })],
    ["a prototype", '{"__proto__":{"text":"x"}}'],
    ["5,000 levels", `${"[".repeat(5_000)}${"]".repeat(5_000)}`],
    ["60,000 open brackets", "[".repeat(60_000)],
    ["deep inside a field", `{"text":${'{"a":'.repeat(40)}1${"}".repeat(40)}}`],
  ])("is refused as invalid_request with %s", async (_what, text) => {
    expect(await problem(await echo(post(text), segment))).toMatchObject({ status: 400, code: "invalid_request" });
  });

  it("is refused when it is not UTF-8", async () => {
    const bytes = Buffer.concat([Buffer.from('{"text":"'), Buffer.from([0xc3, 0x28, 0xff]), Buffer.from('"}')]);
    expect(await problem(await echo(post(bytes), segment))).toMatchObject({ status: 400, code: "invalid_request" });
  });

  it("may be as large as the largest sheet: 2,000 notes of 500 characters outside the Latin alphabet", async () => {
    const { maxBodyBytes } = markBulkOperation;
    const sheet = route(
      operation({
        ...base,
        access: "public",
        body: markBulkSchema,
        maxBodyBytes,
        responses: { 204: null },
        errors: [],
      }),
      async () => ({ status: 204, body: null }),
    );
    const records = Array.from({ length: 2_000 }, (_, n) => ({
      studentId: `s${n}`,
      status: "LATE",
      note: "ř".repeat(500),
    }));
    // In \uXXXX, as some programs write JSON.
    const escaped = JSON.stringify({ classSessionId: "c", records }).replaceAll("ř", "\\u0159");
    expect(escaped.length).toBeGreaterThan(6_000_000);
    expect((await sheet(post(escaped), segment)).status).toBe(204);
    for (const count of [2_001, 150_000]) {
      const tooMany = {
        classSessionId: "c",
        records: Array.from({ length: count }, (_, n) => ({ studentId: `s${n}` })),
      };
      expect(await problem(await sheet(post(JSON.stringify(tooMany)), segment))).toMatchObject({ status: 400 });
    }
  }, 30_000);

  it("is refused beyond 64 KiB unless the operation says more, whatever its length says", async () => {
    const bytes = (count: number) => JSON.stringify({ text: "", more: "x".repeat(count - 21) });
    expect((await echo(post(bytes(64 * 1024)), segment)).status).toBe(200);
    for (const count of [64 * 1024 + 1, 8 * 1024 * 1024])
      expect(await problem(await echo(post(bytes(count)), segment))).toMatchObject({ code: "payload_too_large" });
    let pulled = 0;
    const endless = new ReadableStream({
      pull(controller) {
        pulled += 1;
        controller.enqueue(new Uint8Array(16 * 1024));
      },
    });
    const init: RequestInit & { duplex: "half" } = { method: "POST", body: endless, duplex: "half" };
    const request = new Request("http://localhost/api/echo", init);
    expect(await problem(await echo(request, segment))).toMatchObject({ status: 413 });
    expect(pulled).toBeLessThan(10);
  });

  it("may be 16 KiB where anybody may send it, and 8 MiB for a sheet: declared or not", () => {
    const large = Object.fromEntries(
      allOperations().flatMap(({ id, maxBodyBytes }) => (maxBodyBytes ? [[id, maxBodyBytes / 1024]] : [])),
    );
    expect(large).toEqual({ login: 16, refreshToken: 16, markBulk: 8 * 1024 });
  });

  it("is not read at all before the caller is known", async () => {
    authenticateRequest.mockRejectedValue(new AppError("unauthenticated"));
    const guarded = route(
      operation({ ...base, access: "signedIn", body, responses: { 200: body }, errors: [] }),
      async () => ({ status: 200, body: { text: "" } }),
    );
    const request = post("x".repeat(100_000));
    expect(await problem(await guarded(request, segment))).toMatchObject({ status: 401 });
    expect(request.bodyUsed).toBe(false);
  });

  it("that ends before it is complete is no fault of ours", async () => {
    const cut = new ReadableStream({ pull: (controller) => controller.error(new Error("aborted")) });
    const init: RequestInit & { duplex: "half" } = { method: "POST", body: cut, duplex: "half" };
    const answer = await echo(new Request("http://localhost/api/echo", init), segment);
    expect(await problem(answer)).toMatchObject({ status: 400, code: "invalid_request" });
  });

  it("of millions of tiny values is refused before it is parsed", async () => {
    const parse = vi.spyOn(JSON, "parse");
    const sheet = route(
      operation({
        ...base,
        access: "public",
        body,
        maxBodyBytes: 8 * 1024 * 1024,
        responses: { 200: body },
        errors: [],
      }),
      async () => ({ status: 200, body: { text: "" } }),
    );
    for (const text of [
      `[${"{},".repeat(2_000_000)}{}]`,
      `{"text":[${'"\\"",'.repeat(150_000)}1]}`,
      "[".repeat(2_000_000),
    ])
      expect((await sheet(post(text), segment)).status).toBe(400);
    expect(parse).not.toHaveBeenCalled();
    // What stands in a string is text.
    expect((await echo(post(JSON.stringify({ text: '[[{,\\"]' })), segment)).status).toBe(200);
  });
});

describe("a query", () => {
  const list = operation({
    ...base,
    method: "GET",
    access: "public",
    query: z.object(pageQuery),
    responses: { 200: z.unknown() },
    errors: [],
  });
  const handler = route(list, async ({ query }) => ({ status: 200, body: query }));
  const ask = (search: string) => handler(new Request(`http://localhost/api/echo${search}`), segment);

  it("gives numbers in digits, and what is left out its default", async () => {
    expect(await (await ask("?limit=7&more=1")).json()).toEqual({ limit: 7 });
    expect(await (await ask("?cursor=abc")).json()).toEqual({ limit: 50, cursor: "abc" });
  });

  it.each([
    "limit=0x10",
    "limit=1e2",
    "limit=",
    "limit=%205",
    "limit=+5",
    "limit=5.0",
    "limit=-1",
    "limit=0",
    "limit=201",
  ])("is refused as invalid_request with %s", async (search) => {
    const body = await problem(await ask(`?${search}`));
    expect(body).toMatchObject({ status: 400, code: "invalid_request", errors: [{ path: "query.limit" }] });
  });

  it("is refused when it says something twice, even the same", async () => {
    for (const search of ["?limit=1&limit=2", "?limit=1&limit=1", "?cursor=a&limit=1&limit="])
      expect(await problem(await ask(search))).toMatchObject({ status: 400, errors: [{ path: "query.limit" }] });
  });
});

describe("a caller", () => {
  const students = operation({ ...base, access: ["STUDENT"], responses: { 204: null }, errors: [] });
  const handler = route(students, async () => ({ status: 204, body: null }));

  it("without the role gets 403, with it the answer", async () => {
    expect((await handler(post(""), segment)).status).toBe(204);
    authenticateRequest.mockResolvedValue({ actor: { ...actor, roles: ["TEACHER"] }, via: "bearer" });
    expect(await problem(await handler(post(""), segment))).toMatchObject({ status: 403, code: "forbidden" });
  });

  it("by cookie from another site is refused, by bearer token is not", async () => {
    const fromElsewhere = () => post("", { origin: "https://evil.example", host: "localhost" });
    expect((await handler(fromElsewhere(), segment)).status).toBe(204);
    authenticateRequest.mockResolvedValue({ actor, via: "cookie" });
    expect(await problem(await handler(fromElsewhere(), segment))).toMatchObject({ code: "cross_origin_refused" });
    expect((await handler(post("", { origin: "http://localhost", host: "localhost" }), segment)).status).toBe(204);
  });

  it("who is not known gets 401 with the way to sign in", async () => {
    authenticateRequest.mockRejectedValue(new AppError("unauthenticated"));
    const response = await handler(post(""), segment);
    expect(response.headers.get("www-authenticate")).toBe("Bearer");
    expect(await problem(response)).toMatchObject({ status: 401, code: "unauthenticated" });
  });
});

describe("an error", () => {
  const failing = (error: unknown) => route(open, async () => Promise.reject(error))(post('{"text":"x"}'), segment);

  it("that nobody foresaw answers 500 without a word of its own", async () => {
    const response = await failing(new Error("password=hunter2 in SELECT secret"));
    const text = await response.text();
    expect(response.status).toBe(500);
    expect(text).not.toContain("hunter2");
    expect(JSON.parse(text)).toMatchObject({ code: "internal" });
  });

  it("of a database that is away answers 503 with Retry-After", async () => {
    const response = await failing(Object.assign(new Error("connect"), { code: "ECONNREFUSED" }));
    expect(response.status).toBe(503);
    expect(response.headers.get("retry-after")).toBe("2");
  });

  it("keeps a harmless request id and replaces any other", async () => {
    const ids = async (id: string) =>
      (await echo(post("{}", { "x-request-id": id }), segment)).headers.get("x-request-id");
    expect(await ids("gateway-12345678")).toBe("gateway-12345678");
    expect(await ids("<script>")).not.toContain("<");
  });
});

function post(content: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}): Request {
  return new Request("http://localhost/api/echo", { method: "POST", body: content, headers });
}

async function problem(response: Response): Promise<unknown> {
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  return response.json();
}
