import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { POST as dayOffRoute } from "@/app/api/calendar/days-off/route";
import { POST as cancelRoute } from "@/app/api/class-sessions/[id]/cancel/route";
import { POST as markRoute } from "@/app/api/attendance/mark-bulk/route";
import { POST as logoutRoute } from "@/app/api/logout/route";
import { allOperations } from "@/app/api/openapi.json/operations";
import { signAccessToken } from "@/lib/identity/sessions/access-token";
import { transaction } from "@/lib/platform/db/client";
import { deleteOldKeys } from "@/lib/platform/idempotency/delete-old-keys";
import type { Role } from "@/lib/shared/context";
import { AppError, type ErrorCode } from "@/lib/shared/errors";
import { newId } from "@/lib/shared/ids";
import { idempotencyOf, operation } from "@/lib/shared/operation";
import { testDatabase } from "@/tests/support/database";
import { addClassSession, at, buildSchool, type TestSchool } from "@/tests/support/school";
import { openApiDocument } from "./openapi";
import { route } from "./route";

type Person = { id: string; schoolId: string; roles: readonly Role[] };
type Handler = typeof dayOffRoute;
type Call = { person: Person | null; key?: string; body?: unknown; params?: Record<string, string> };

const { prisma: client, pool } = await testDatabase();
let school: TestSchool;
let other: TestSchool;

beforeAll(async () => {
  school = await buildSchool(client, { students: 2, sections: [{ enrolled: [0], meetings: [] }] });
  other = await buildSchool(client, {});
  await pool.query("CREATE TABLE effect (name text NOT NULL)");
});

async function call(handler: Handler, { person, key, body, params = {} }: Call) {
  const headers = new Headers({ "content-type": "application/json" });
  if (key !== undefined) headers.set("idempotency-key", key);
  if (person) {
    const actor = { userId: person.id, schoolId: person.schoolId, roles: person.roles, sessionId: "session" };
    headers.set("authorization", `Bearer ${await signAccessToken(actor, new Date())}`);
  }
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const request = new Request("http://localhost/api/x", { method: "POST", headers, ...(text ? { body: text } : {}) });
  const answer = await handler(request, { params: Promise.resolve(params) });
  const bytes = await answer.text();
  return { status: answer.status, headers: answer.headers, bytes, code: codeIn(bytes) };
}

function codeIn(bytes: string): unknown {
  return bytes === "" ? undefined : (JSON.parse(bytes) as { code?: unknown }).code;
}

const effects = async (name: string) =>
  (await pool.query("SELECT 1 FROM effect WHERE name = $1", [name])).rowCount ?? 0;
const daysOff = (title: string) => client.schoolDayOff.count({ where: { title } });
const dayOff = (title: string) => ({ from: "2027-03-01", to: "2027-03-01", title });

/** A route whose use-case writes one row in a transaction of its own, then does `then`. */
function writing(name: string, then: (times: number) => Promise<void> | void = () => {}): Handler {
  let times = 0;
  const definition = operation({
    id: "write",
    method: "POST",
    path: "/api/write",
    summary: "",
    tag: "operations",
    access: "signedIn",
    responses: { 201: z.object({ times: z.number() }) },
    errors: [],
  });
  return route(definition, async () => {
    times += 1;
    await transaction(async (tx) => {
      await tx.$executeRaw`INSERT INTO effect (name) VALUES (${name})`;
      await then(times);
    });
    return { status: 201, body: { times }, headers: { "set-cookie": `times=${times}` } };
  });
}

describe("a call that comes again with its key", () => {
  it("gets the same bytes, and its effect is there once", async () => {
    const first = await call(dayOffRoute, { person: school.admin, key: "k1", body: dayOff("Snow") });
    const again = await call(dayOffRoute, { person: school.admin, key: "k1", body: dayOff("Snow") });
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.bytes).toBe(first.bytes);
    expect(again.headers.get("content-type")).toBe("application/json");
    expect(again.headers.get("x-request-id")).not.toBe(first.headers.get("x-request-id"));
    expect(await daysOff("Snow")).toBe(1);
    // Without the key it is another call.
    const without = await call(dayOffRoute, { person: school.admin, body: dayOff("Snow") });
    expect([without.status, without.code]).toEqual([409, "day_off_exists"]);
  });

  it("gets the refusals of the use-case again, also when they would not be true any more", async () => {
    await call(dayOffRoute, { person: school.admin, body: dayOff("Ice") });
    const first = await call(dayOffRoute, { person: school.admin, key: "k2", body: dayOff("Ice") });
    await client.schoolDayOff.deleteMany({ where: { title: "Ice" } });
    const again = await call(dayOffRoute, { person: school.admin, key: "k2", body: dayOff("Ice") });
    expect([first.status, again.status]).toEqual([409, 409]);
    expect(again.bytes).toBe(first.bytes);
    expect(again.headers.get("content-type")).toBe("application/problem+json");
    expect(await daysOff("Ice")).toBe(0);
    const stranger = { records: [{ studentId: at(school.students, 1).id, status: "PRESENT" }] };
    const session = await addClassSession(client, at(school.sections, 0), { timeZone: "Europe/Prague" });
    for (const [status, body] of [
      [422, { classSessionId: session.id, ...stranger }],
      [404, { classSessionId: newId(), ...stranger }],
    ] as const) {
      const key = `mark-${status}`;
      const [one, two] = [
        await call(markRoute, { person: at(school.teachers, 0), key, body }),
        await call(markRoute, { person: at(school.teachers, 0), key, body }),
      ];
      expect([one.status, two.status]).toEqual([status, status]);
      expect(two.bytes).toBe(one.bytes);
    }
  });

  it("gets the headers that belong to the answer, and an answer without a body", async () => {
    const write = writing("cookie");
    const first = await call(write, { person: school.admin, key: "c" });
    const again = await call(write, { person: school.admin, key: "c" });
    expect(first.headers.get("set-cookie")).toBe("times=1");
    expect([again.bytes, again.headers.get("set-cookie")]).toEqual([first.bytes, "times=1"]);
    const nothing = operation({
      id: "nothing",
      method: "POST",
      path: "/api/nothing",
      summary: "",
      tag: "operations",
      access: "signedIn",
      responses: { 204: null },
      errors: [],
    });
    let runs = 0;
    const empty = route(nothing, async () => {
      runs += 1;
      return { status: 204, body: null };
    });
    for (let time = 0; time < 2; time++) {
      const answer = await call(empty, { person: school.admin, key: "e" });
      expect([answer.status, answer.bytes, answer.headers.get("content-type")]).toEqual([204, "", null]);
    }
    expect(runs).toBe(1);
  });

  it("is refused with another body, by one byte, and changes nothing", async () => {
    await call(dayOffRoute, { person: school.admin, key: "k3", body: dayOff("Storm") });
    for (const body of [dayOff("Flood"), `${JSON.stringify(dayOff("Storm"))} `]) {
      const refused = await call(dayOffRoute, { person: school.admin, key: "k3", body });
      expect([refused.status, refused.code]).toEqual([422, "idempotency_key_reused"]);
    }
    const write = writing("unread body");
    await call(write, { person: school.admin, key: "unread", body: "a" });
    expect((await call(write, { person: school.admin, key: "unread", body: "b" })).code).toBe("idempotency_key_reused");
    expect([await daysOff("Storm"), await daysOff("Flood"), await effects("unread body")]).toEqual([1, 0, 1]);
  });

  it("is another call for another person, and at another address", async () => {
    for (const person of [school.admin, other.admin])
      expect((await call(dayOffRoute, { person, key: "k4", body: dayOff("Wind") })).status).toBe(201);
    expect(await daysOff("Wind")).toBe(2);
    const later = { startsInMinutes: 60, timeZone: "Europe/Prague" };
    const classes = [
      await addClassSession(client, at(school.sections, 0), later),
      await addClassSession(client, at(school.sections, 0), { ...later, startsInMinutes: 240 }),
    ];
    for (const { id } of classes) {
      const cancelled = await call(cancelRoute, {
        person: school.admin,
        key: "k4",
        body: { reason: "ill" },
        params: { id },
      });
      expect([cancelled.status, cancelled.bytes.includes(id)]).toEqual([200, true]);
    }
  });

  it("is decided anew after 24 h, by the clock of the database", async () => {
    const write = writing("day");
    const first = await call(write, { person: school.admin, key: "day" });
    const age = (text: string) =>
      pool.query("UPDATE idempotency_key SET created_at = clock_timestamp() - $1::interval WHERE key = 'day'", [text]);
    await age("23 hours 59 minutes");
    expect((await call(write, { person: school.admin, key: "day" })).bytes).toBe(first.bytes);
    await age("24 hours 1 second");
    expect((await call(write, { person: school.admin, key: "day", body: "another" })).bytes).toBe('{"times":2}');
    expect((await call(write, { person: school.admin, key: "day", body: "another" })).bytes).toBe('{"times":2}');
    expect(await effects("day")).toBe(2);
  });

  it("is forgotten by the housekeeping after 24 h", async () => {
    const write = writing("old");
    for (const key of ["old-1", "old-2", "young"]) await call(write, { person: school.admin, key });
    await pool.query("UPDATE idempotency_key SET created_at = now() - interval '25 hours' WHERE key LIKE 'old-%'");
    const round = { now: new Date(), signal: new AbortController().signal };
    expect(await deleteOldKeys(client, round)).toBe(2);
    const { rows } = await pool.query("SELECT key FROM idempotency_key WHERE key IN ('old-1', 'old-2', 'young')");
    expect(rows).toEqual([{ key: "young" }]);
  });
});

describe("while the first is still running", () => {
  it("says so with Retry-After, then gives the first answer", async () => {
    const gate = Promise.withResolvers<void>();
    const inside = Promise.withResolvers<void>();
    const write = writing("slow", async () => {
      inside.resolve();
      await gate.promise;
    });
    const first = call(write, { person: school.admin, key: "slow" });
    await inside.promise;
    const second = await call(write, { person: school.admin, key: "slow" });
    expect([second.status, second.code, second.headers.get("retry-after")]).toEqual([
      409,
      "idempotency_in_progress",
      "1",
    ]);
    gate.resolve();
    const { status, bytes } = await first;
    expect(status).toBe(201);
    expect((await call(write, { person: school.admin, key: "slow" })).bytes).toBe(bytes);
    expect(await effects("slow")).toBe(1);
  });

  it("of fifty at once one has the effect; the others get its bytes or are told to wait", async () => {
    const write = writing("crowd");
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => call(write, { person: school.admin, key: "crowd" })),
    );
    for (const { status, bytes, code } of answers)
      expect(status === 201 ? bytes : code).toBe(status === 201 ? '{"times":1}' : "idempotency_in_progress");
    expect(answers.filter(({ status }) => status === 201).length).toBeGreaterThan(0);
    expect(await effects("crowd")).toBe(1);
  });
});

describe("what is not kept", () => {
  it("a bad body, a missing token, a wrong role", async () => {
    const good = { key: "k5", body: dayOff("Heat") };
    const bad = await call(dayOffRoute, { ...good, person: school.admin, body: { title: "Heat" } });
    const nobody = await call(dayOffRoute, { ...good, person: null });
    const student = await call(dayOffRoute, { ...good, person: at(school.students, 0) });
    expect([bad.status, nobody.status, student.status]).toEqual([400, 401, 403]);
    expect((await call(dayOffRoute, { ...good, person: school.admin })).status).toBe(201);
  });

  it.each<[ErrorCode, boolean]>([
    ["invalid_request", false],
    ["session_revoked", false],
    ["forbidden", false],
    ["payload_too_large", false],
    ["too_many_requests", false],
    ["internal", false],
    ["unavailable", false],
    ["not_found", true],
    ["version_conflict", true],
    ["student_not_enrolled", true],
  ])("%s of the use-case, whose writes are gone: kept %s", async (code, isKept) => {
    const write = writing(code, (times) => {
      if (times === 1) throw new AppError(code, { retryAfterSeconds: 3 });
    });
    const first = await call(write, { person: school.admin, key: code });
    expect(first.code).toBe(code);
    expect(await effects(code)).toBe(0);
    const again = await call(write, { person: school.admin, key: code });
    expect(again.bytes).toBe(isKept ? first.bytes : '{"times":2}');
    expect(again.headers.get("retry-after")).toBe(isKept ? "3" : null);
    expect(await effects(code)).toBe(isKept ? 0 : 1);
  });

  it("a failed statement and what stood before it", async () => {
    const write = writing("broken", async (times) => {
      if (times === 1) await transaction((tx) => tx.$executeRaw`INSERT INTO effect (name) VALUES (NULL)`);
    });
    expect((await call(write, { person: school.admin, key: "broken" })).status).toBe(500);
    expect((await call(write, { person: school.admin, key: "broken" })).status).toBe(201);
    expect(await effects("broken")).toBe(1);
  });

  it("the effect neither, when the answer cannot be", async () => {
    const write = writing("together");
    await pool.query("ALTER TABLE idempotency_key ADD CONSTRAINT not_this CHECK (key <> 'not-this')");
    expect((await call(write, { person: school.admin, key: "not-this" })).status).toBe(500);
    expect(await effects("together")).toBe(0);
  });
});

describe("a key", () => {
  it.each([
    ["empty", ""],
    ["with a space", "a b"],
    ["of two headers", "a, b"],
    ["outside of ASCII", "caf\u00e9"],
    ["with a control character", "a\tb"],
    ["of 256 characters", "x".repeat(256)],
  ])("%s is refused, and nothing is done", async (_what, key) => {
    const refused = await call(dayOffRoute, { person: school.admin, key, body: dayOff("Refused") });
    expect([refused.status, refused.code]).toEqual([400, "invalid_request"]);
    expect(JSON.parse(refused.bytes)).toMatchObject({ errors: [{ path: "header.Idempotency-Key" }] });
    expect(await daysOff("Refused")).toBe(0);
  });

  it("may have every visible character, up to 255 of them", async () => {
    const all = Array.from({ length: 0x7e - 0x21 + 1 }, (_, n) => String.fromCodePoint(0x21 + n)).join("");
    for (const key of ["!", all, "~".repeat(255)]) {
      const write = writing(key);
      for (let time = 0; time < 2; time++)
        expect((await call(write, { person: school.admin, key })).bytes).toBe('{"times":1}');
      expect(await effects(key)).toBe(1);
    }
  });

  it("is not looked at by login, logout and calls of nobody; every other POST has one", async () => {
    const posts = allOperations().filter(({ method }) => method === "POST");
    const without = posts.filter((each) => idempotencyOf(each) === "none").map(({ path }) => path);
    expect(without).toEqual(["/api/login", "/api/logout", "/api/unsubscribe/{token}"]);
    expect((await call(logoutRoute, { person: null, key: "a b" })).status).toBe(401);
    const { paths } = JSON.parse(JSON.stringify(openApiDocument(allOperations))) as {
      paths: Record<string, Record<string, { parameters?: { name: string; in: string }[]; responses: object }>>;
    };
    for (const each of allOperations()) {
      const described = paths[each.path]?.[each.method.toLowerCase()];
      const isKeyed = described?.parameters?.some(
        ({ name, in: where }) => name === "Idempotency-Key" && where === "header",
      );
      expect(isKeyed ?? false, each.id).toBe(idempotencyOf(each) !== "none");
      if (isKeyed)
        expect(Object.keys(described?.responses ?? {}), each.id).toEqual(expect.arrayContaining(["409", "422"]));
    }
  });
});
