// What the API really answers, good and bad, against the document: the status is named, and the body is as it says.
import path from "node:path";
import { beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { openSession } from "@/lib/identity/sessions/sessions";
import { db, transaction } from "@/lib/platform/db/client";
import type { Operation } from "@/lib/shared/operation";
import { openApiDocument } from "@/lib/web/route/openapi";
import { addClassSession, at, buildSchool, type TestSchool } from "@/tests/support/school";
import { allOperations } from "./operations";

type Media = Record<string, { schema?: unknown }>;
type Described = { responses: Record<string, { content?: Media }> };
type Handler = (request: Request, segment: { params: Promise<object> }) => Promise<Response>;
type Call = {
  as?: "student" | "teacher" | "guardian";
  params?: Record<string, string>;
  query?: string;
  body?: unknown;
};

const document = openApiDocument(allOperations);
const operations = new Map(allOperations().map((each) => [each.id, each]));
const tokens = new Map<string, string>();
/** Ends sessions or needs Next.js around it: tested in the browser. */
const NOT_HERE = ["logout", "metrics"];

let school: TestSchool;
let classSessionId: string;

beforeAll(async () => {
  school = await buildSchool(db(), {
    students: 3,
    teachers: 1,
    guardiansOf: [0],
    sections: [{ enrolled: [0, 1] }, { capacity: 1, enrolled: [2] }, { capacity: 5 }],
  });
  classSessionId = (await addClassSession(db(), at(school.sections, 0))).id;
  const people = {
    student: at(school.students, 0),
    teacher: at(school.teachers, 0),
    guardian: at(school.guardians, 0),
  };
  for (const [who, { id }] of Object.entries(people)) {
    const opened = await transaction((tx) => openSession(tx, id, new Date()));
    tokens.set(who, opened?.accessToken ?? "");
  }
});

it("answers each of these as the document says, problems with what they say besides", async () => {
  const [mine, full, open] = [0, 1, 2].map((n) => at(school.sections, n).id);
  const [student, classmate, stranger] = [0, 1, 2].map((n) => at(school.students, n).id);
  const record = (studentId = "", status: string | null = "ABSENT") => ({ studentId, status });
  const sheet = (more: object) => ({ as: "teacher" as const, body: { classSessionId, records: [], ...more } });
  const calls: [operation: string, status: number, call: Call][] = [
    ["login", 400, { body: {} }],
    ["login", 400, { body: { email: "", password: "x" } }],
    ["login", 413, { body: { email: "x".repeat(20_000) } }],
    ["login", 401, { body: { email: "nobody@example.edu", password: "x" } }],
    ["refreshToken", 401, { body: { refreshToken: "x" } }],
    ["me", 401, {}],
    ["me", 200, { as: "student" }],
    ["ping", 204, { as: "student" }],
    ["jwks", 200, {}],
    ["openApi", 200, {}],
    ["live", 200, {}],
    ["availableSections", 200, { as: "student", query: "?availability=all&from=&to=&day=&termId=&fitsMySchedule=" }],
    ["availableSections", 400, { as: "student", query: "?to=25:00" }],
    ["liveSeats", 200, { as: "student", query: `?ids=${mine}` }],
    ["enroll", 403, { as: "teacher", body: { sectionId: open } }],
    ["enroll", 404, { as: "student", body: { sectionId: "none" } }],
    ["enroll", 409, { as: "student", body: { sectionId: full } }],
    ["enroll", 400, { as: "student", body: { sectionId: "x".repeat(65) } }],
    ["enrollments", 200, { as: "student" }],
    ["dropEnrollment", 404, { as: "student", params: { id: "none" } }],
    ["listClassSessions", 200, { as: "teacher" }],
    ["listClassSessions", 400, { as: "teacher", query: "?date=1899-12-31" }],
    ["getAttendance", 200, { as: "teacher", params: { classSessionId } }],
    ["getAttendance", 404, { as: "teacher", params: { classSessionId: "none" } }],
    ["getAttendanceVersion", 200, { as: "teacher", params: { classSessionId } }],
    ["markBulk", 422, sheet({ records: [record(stranger)] })],
    ["markBulk", 409, sheet({ records: [record(student)], expectedVersion: 7 })],
    ["markBulk", 200, sheet({ records: [record(student), record(classmate, "PRESENT")] })],
    ["markBulk", 409, sheet({ records: [record(student, null)] })],
    ["markBulk", 400, sheet({ records: [record(student), record(student)] })],
    ["listMyAttendance", 200, { as: "student", query: "?from=1900-01-01&to=2999-12-31" }],
    ["listMyAttendance", 400, { as: "student", query: "?from=3000-01-01" }],
    ["listFamilyStudents", 200, { as: "guardian" }],
    ["listFamilyAttendance", 200, { as: "guardian", params: { studentId: student ?? "" } }],
    ["listFamilyAttendance", 404, { as: "guardian", params: { studentId: classmate ?? "" } }],
    ["listNotifications", 200, { as: "student" }],
    ["getNotificationPreferences", 200, { as: "student" }],
    ["saveNotificationPreferences", 200, { as: "student", body: { digest: "daily" } }],
    ["savePushSubscription", 400, { as: "student", body: { endpoint: "http://x/", keys: { p256dh: "a", auth: "b" } } }],
    ["listPushSubscriptions", 200, { as: "student" }],
  ];
  for (const [id, status, call] of calls) {
    const response = await answerTo(operationOf(id), call);
    expect(response.status, `${id} ${JSON.stringify(call)}`).toBe(status);
    await expectAsDescribed(operationOf(id), response);
  }
});

it("answers a caller who is not known, and a body that is none, as the document says, everywhere", async () => {
  for (const operation of operations.values()) {
    if (NOT_HERE.includes(operation.id)) continue;
    const params = Object.fromEntries(
      [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => [name, "none"]),
    );
    if (operation.access !== "public") await expectAsDescribed(operation, await answerTo(operation, { params }));
    const as = Array.isArray(operation.access) && operation.access.includes("TEACHER") ? "teacher" : "student";
    if (operation.body) await expectAsDescribed(operation, await answerTo(operation, { as, params, body: [] }));
    if (operation.query)
      await expectAsDescribed(operation, await answerTo(operation, { as, params, query: "?limit=x" }));
  }
});

it("would notice an answer that is not as described", async () => {
  const wrong = Response.json({ id: 7 }, { headers: { "content-type": "application/json" } });
  await expect(expectAsDescribed(operationOf("me"), wrong)).rejects.toThrow(/invalid_type id/);
  await expect(expectAsDescribed(operationOf("me"), new Response(null, { status: 418 }))).rejects.toThrow(/418/);
});

function operationOf(id: string): Operation {
  const found = operations.get(id);
  if (!found) throw new Error(`no operation ${id}`);
  return found;
}

async function answerTo(operation: Operation, { as, params = {}, query = "", body }: Call): Promise<Response> {
  const route = operation.path.replaceAll(/\{(\w+)\}/g, "[$1]");
  const handlers = (await import(path.resolve("app", `.${route}`, "route.ts"))) as Record<string, Handler>;
  const handler = handlers[operation.method];
  if (!handler) throw new Error(`no ${operation.method} of ${route}`);
  const headers = new Headers(as ? { authorization: `Bearer ${tokens.get(as)}` } : {});
  const address = operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => params[name] ?? "none");
  const init = { method: operation.method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
  return handler(new Request(`http://localhost${address}${query}`, init), { params: Promise.resolve(params) });
}

async function expectAsDescribed(operation: Operation, response: Response): Promise<void> {
  const what = `${operation.id} ${response.status}`;
  const paths = document.paths as Record<string, Record<string, Described>>;
  const described = paths[operation.path]?.[operation.method.toLowerCase()]?.responses[String(response.status)];
  expect(described, `${what} is in the document`).toBeDefined();
  const text = await response.text();
  const [type, media] = Object.entries(described?.content ?? {})[0] ?? [];
  if (type === undefined) return expect(text, what).toBe("");
  expect(response.headers.get("content-type"), what).toBe(type);
  const judged = schemaOf(media?.schema).safeParse(JSON.parse(text));
  const faults = judged.success ? [] : judged.error.issues.map(({ code, path }) => `${code} ${path.join(".")}`);
  expect(faults.join(", "), `${what}: ${text.slice(0, 300)}`).toBe("");
}

/** A schema of the document as one that can judge, with the components that it refers to. */
function schemaOf(schema: unknown): z.ZodType {
  const whole = { ...(schema as object), $defs: document.components?.schemas ?? {} };
  const text = JSON.stringify(whole).replaceAll("#/components/schemas/", "#/$defs/");
  return z.fromJSONSchema(JSON.parse(text) as Parameters<typeof z.fromJSONSchema>[0]);
}
