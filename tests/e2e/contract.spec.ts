// The HTTP interface from outside: every operation answers as its own schema and the table of error codes say, in the
// production build (where answers are not checked at run time).
import { expect, test, type APIRequestContext, type APIResponse } from "@playwright/test";
import { allOperations } from "@/app/api/openapi.json/operations";
import { ERROR_CODES } from "@/lib/shared/errors";
import accounts from "@/prisma/seed/accounts.json" with { type: "json" };

type Json = Record<string, unknown>;
const operations = new Map(allOperations().map((operation) => [operation.id, operation]));
const called = new Set<string>();

/** Calls an operation by id and checks the answer against its declaration; answers the body. */
async function call(
  request: APIRequestContext,
  id: string,
  expected: number | string,
  options: { token?: string; path?: Record<string, string>; query?: string; body?: unknown } = {},
): Promise<Json> {
  const operation = operations.get(id);
  if (!operation) throw new Error(`no operation ${id}`);
  const path = operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => options.path?.[name] ?? "");
  const response = await request.fetch(path + (options.query ?? ""), {
    method: operation.method,
    headers: options.token ? { authorization: `Bearer ${options.token}` } : {},
    ...(options.body === undefined ? {} : { data: options.body }),
  });
  expect(response.headers()["x-request-id"], `${id} has a request id`).toBeTruthy();
  return typeof expected === "string" ? problem(response, id, expected) : success(response, id, expected);
}

async function problem(response: APIResponse, id: string, code: string): Promise<Json> {
  const body = (await response.json()) as Json;
  expect({ id, code: body["code"], status: response.status() }).toEqual({ id, code, status: statusOf(code) });
  expect(response.headers()["content-type"]).toContain("application/problem+json");
  expect(body["requestId"]).toBe(response.headers()["x-request-id"]);
  return body;
}

function statusOf(code: string): number {
  const entry = Object.entries(ERROR_CODES).find(([name]) => name === code);
  if (!entry) throw new Error(`${code} is not in the table`);
  return entry[1].status;
}

async function success(response: APIResponse, id: string, status: number): Promise<Json> {
  const text = await response.text();
  expect({ id, status: response.status(), text: response.ok() ? "" : text }).toEqual({ id, status, text: "" });
  called.add(id);
  const schema = operations.get(id)?.responses[status];
  if (!schema) {
    expect(text).toBe("");
    return {};
  }
  const body: unknown = JSON.parse(text);
  expect(schema.safeParse(body).error?.issues ?? [], `${id} answers its schema`).toEqual([]);
  return body as Json;
}

const items = (body: Json) => body["items"] as Json[];
const idOf = (value: Json | undefined) => String(value?.["id"]);
const tokens: Record<string, string> = {};

test.describe.configure({ mode: "serial" });

test("people sign in and are known", async ({ request }) => {
  for (const { role, email, password } of accounts) {
    const pair = await call(request, "login", 200, { body: { email, password } });
    tokens[role] = String(pair["accessToken"]);
    const me = await call(request, "me", 200, { token: tokens[role] });
    expect(me["roles"]).toEqual((pair["user"] as Json)["roles"]);
    await call(request, "ping", 204, { token: tokens[role] });
    const data = await call(request, "ownData", 200, { token: tokens[role] });
    expect((data["account"] as Json)["id"]).toBe(me["id"]);
  }
  const unknown = await call(request, "login", "invalid_credentials", {
    body: { email: "nobody@demo.campusos.example", password: "x" },
  });
  const wrong = await call(request, "login", "invalid_credentials", {
    body: { email: accounts[0]?.email, password: "x" },
  });
  expect({ ...unknown, requestId: "" }).toEqual({ ...wrong, requestId: "" });
  await call(request, "jwks", 200);
});

test("tokens rotate, a spent one ends the session, and so does logout", async ({ request }) => {
  const account = accounts.find(({ role }) => role === "admin");
  const first = await call(request, "login", 200, { body: account });
  const second = await call(request, "refreshToken", 200, { body: { refreshToken: first["refreshToken"] } });
  await call(request, "refreshToken", "refresh_token_reused", { body: { refreshToken: first["refreshToken"] } });
  await call(request, "me", "session_revoked", { token: String(second["accessToken"]) });
  const third = await call(request, "login", 200, { body: account });
  await call(request, "logout", 204, { token: String(third["accessToken"]) });
  await call(request, "me", "session_revoked", { token: String(third["accessToken"]) });
});

test("a student finds a section, enrolls, is refused a second time, and drops", async ({ request }) => {
  const token = tokens["student"] ?? "";
  const list = await call(request, "availableSections", 200, { token, query: "?fitsMySchedule=true&limit=200" });
  const free = items(list).find((section) => (section["blockers"] as string[]).length === 0);
  const sectionId = idOf(free);
  const made = await call(request, "enroll", 201, { token, body: { sectionId } });
  await call(request, "enroll", "already_enrolled", { token, body: { sectionId } });
  const mine = items(await call(request, "enrollments", 200, { token }));
  expect(mine.map(idOf)).toContain(made["id"]);
  await call(request, "liveSeats", 200, { token, query: `?ids=${sectionId}` });
  await call(request, "dropEnrollment", 204, { token, path: { id: idOf(made) } });
  await call(request, "dropEnrollment", "enrollment_not_found", { token, path: { id: idOf(made) } });
  await call(request, "enroll", "section_not_found", { token, body: { sectionId: "nothing" } });
  await call(request, "enroll", "forbidden", { token: tokens["teacher"] ?? "", body: { sectionId } });
  await call(request, "enroll", "unauthenticated", { body: { sectionId } });
});

test("a teacher reads the sheet and saves a draft; others cannot", async ({ request }) => {
  const token = tokens["teacher"] ?? "";
  // Which classes of today are finished depends on the hour; the one of now is open.
  const today = items(await call(request, "listClassSessions", 200, { token }));
  const classSessionId = idOf(today.find(({ state }) => state === "OPEN"));
  const sheet = await call(request, "getAttendance", 200, { token, path: { classSessionId } });
  await call(request, "getAttendanceVersion", 200, { token, path: { classSessionId } });
  const studentId = idOf((sheet["roster"] as { student: Json }[])[0]?.student);
  const draft = { classSessionId, finalize: false, records: [{ studentId, status: "LATE", minutesLate: 3 }] };
  const saved = await call(request, "markBulk", 200, { token, body: draft });
  const again = await call(request, "markBulk", 200, { token, body: draft });
  expect(again["version"]).toBe(saved["version"]);
  const clear = { ...draft, records: [{ studentId, status: null }] };
  await call(request, "markBulk", "version_conflict", { token, body: { ...clear, expectedVersion: 9_999 } });
  await call(request, "markBulk", 200, { token, body: clear });
  await call(request, "markBulk", "invalid_request", {
    token,
    body: { classSessionId, records: [...draft.records, ...draft.records] },
  });
  await call(request, "markBulk", "student_not_enrolled", {
    token,
    body: { classSessionId, records: [{ studentId: "nobody", status: "PRESENT" }] },
  });
  await call(request, "markBulk", "class_session_not_found", {
    token,
    body: { classSessionId: "nothing", records: [] },
  });
  await call(request, "markBulk", "forbidden", { token: tokens["student"] ?? "", body: draft });
});

test("students and guardians see their own history and nobody else's", async ({ request }) => {
  await call(request, "listMyAttendance", 200, { token: tokens["student"] ?? "", query: "?limit=2" });
  const token = tokens["guardian"] ?? "";
  const [child] = items(await call(request, "listFamilyStudents", 200, { token }));
  await call(request, "listFamilyAttendance", 200, { token, path: { studentId: idOf(child) }, query: "?limit=1" });
  const stranger = await call(request, "listFamilyAttendance", "not_found", { token, path: { studentId: "nothing" } });
  const me = await call(request, "me", 200, { token });
  const notMine = await call(request, "listFamilyAttendance", "not_found", { token, path: { studentId: idOf(me) } });
  expect({ ...notMine, requestId: "" }).toEqual({ ...stranger, requestId: "" });
});

test("subscriptions, preferences and the inbox", async ({ request }) => {
  const token = tokens["guardian"] ?? "";
  await call(request, "getPushPublicKey", 200, { token });
  const keys = {
    p256dh: "BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM",
    auth: "tBHItJI5svbpez7KI4CCXg",
  };
  for (const endpoint of ["http://example.com/a", "https://example.com/a", "https://10.0.0.1/a", "https://[::1]/a"])
    await call(request, "savePushSubscription", "push_endpoint_refused", {
      token,
      body: { endpoint, expirationTime: null, keys },
    });
  const endpoint = "https://updates.push.services.mozilla.com/wpush/v2/contract";
  const made = await call(request, "savePushSubscription", 201, {
    token,
    body: { endpoint, expirationTime: null, keys },
  });
  const otherKeys = { ...keys, auth: "AAAAAAAAAAAAAAAAAAAAAA" };
  await call(request, "savePushSubscription", "push_endpoint_taken", {
    token,
    body: { endpoint, expirationTime: null, keys: otherKeys },
  });
  await call(request, "listPushSubscriptions", 200, { token });
  await call(request, "removePushSubscription", "not_found", {
    token: tokens["student"] ?? "",
    path: { id: idOf(made) },
  });
  await call(request, "removePushSubscription", 204, { token, path: { id: idOf(made) } });
  const preferences = await call(request, "getNotificationPreferences", 200, { token });
  expect(await call(request, "saveNotificationPreferences", 200, { token, body: preferences })).toEqual(preferences);
  await call(request, "saveNotificationPreferences", "invalid_request", { token, body: { digest: "hourly" } });
  await call(request, "listNotifications", 200, { token });
  await call(request, "readNotification", "not_found", { token, path: { id: "nothing" } });
  await call(request, "unsubscribe", "not_found", { path: { token: "not.ours" } });
});

test("operators ask how it is; what does not exist says so", async ({ request }) => {
  await call(request, "live", 200);
  await call(request, "ready", 200);
  await call(request, "openApi", 200);
  await problem(await request.get("/api/nothing"), "none", "not_found");
  await problem(await request.put("/api/login", { data: {} }), "login", "method_not_allowed");
  await problem(
    await request.post("/api/login", { data: "{", headers: { "content-type": "application/json" } }),
    "login",
    "invalid_request",
  );
  await problem(await request.post("/api/enrollments/swap", { data: {} }), "none", "not_found");
  for (const method of ["PROPFIND", "QUERY", "TRACE"])
    await problem(await request.fetch("/api/me", { method }), "none", "method_not_allowed");
  await problem(await request.put("/login", { data: {} }), "none", "method_not_allowed");
  for (const path of ["/api/me/", "/timetable/", "/_next/static/nothing.js", "/sections/nothing.png", "/icon.png"]) {
    const response = await request.get(path, { maxRedirects: 0 });
    expect(response.headers()["x-request-id"], `${path} has a request id`).toBeTruthy();
    expect(response.status(), path).toBeLessThan(500);
  }
  for (const state of ["garbage", "%", "[1,2]"])
    await problem(
      await request.get("/login", { headers: { rsc: "1", "next-router-state-tree": state } }),
      "none",
      "invalid_request",
    );
  for (const query of ["?limit=0x10", "?limit=1e2", "?limit=1&limit=2", "?cursor=Wy04NjQwMDAwMDAwMDAwMDAwLCJ4Il0"])
    for (const id of ["enrollments", "listNotifications", "listMyAttendance"])
      await call(request, id, "invalid_request", { token: tokens["student"] ?? "", query });
  expect((await request.get("/_next/image?url=%2Ficon.png&w=64&q=75")).status(), "no image optimizer").toBe(404);
  const notCalled = [...operations.keys()].filter((id) => !called.has(id));
  expect(notCalled.sort(), "operations that need more than this spec has").toEqual([
    "addDayOff",
    "cancelClassSession",
    "getCalendar",
    "getFamilyVersion",
    "getRosterImport",
    "metrics",
    "moveClassSession",
    "notifyAttendance",
    "readNotification",
    "removeDayOff",
    "reopenAttendance",
    "restoreClassSession",
    "testPushSubscription",
    "unsubscribe",
    "uploadRoster",
  ]);
});
