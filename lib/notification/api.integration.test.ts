import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GET as getPreferences, PUT as putPreferences } from "@/app/api/notification-preferences/route";
import { POST as readNotification } from "@/app/api/notifications/[id]/read/route";
import { GET as listNotifications } from "@/app/api/notifications/route";
import { GET as publicKey } from "@/app/api/push/public-key/route";
import { DELETE as removeSubscription } from "@/app/api/push-subscriptions/[id]/route";
import { POST as testSubscription } from "@/app/api/push-subscriptions/[id]/test/route";
import { GET as listSubscriptions, POST as saveSubscription } from "@/app/api/push-subscriptions/route";
import { signAccessToken } from "@/lib/identity/sessions/access-token";
import { db } from "@/lib/platform/db/client";
import { deliver } from "@/lib/platform/events/delivery/deliver";
import { absenceData, eventOf } from "@/tests/support/notification-scene";
import { PushService, type VirtualSubscription } from "@/tests/support/push-service";
import { at, buildSchool, type TestSchool } from "@/tests/support/school";
import { notificationConsumer } from "./kinds/consumer";

type Handler = (
  request: Request,
  segment: { params: Promise<Record<string, string | string[] | undefined>> },
) => Promise<Response>;
type Person = { id: string; schoolId: string; roles: ("STUDENT" | "TEACHER" | "GUARDIAN" | "ADMIN")[] };

const service = new PushService();
let scene: TestSchool;
let stranger: TestSchool;

beforeAll(async () => {
  await service.start();
  scene = await buildSchool(db(), { students: 2, guardiansOf: [0, 1] });
  stranger = await buildSchool(db(), { students: 1, guardiansOf: [0] });
});
afterAll(() => service.stop());

async function call(handler: Handler, person: Person | null, method: string, body?: unknown, id?: string, query = "") {
  const headers = new Headers({ "content-type": "application/json", "user-agent": "Firefox/140.0 Linux" });
  if (person) {
    const actor = { userId: person.id, schoolId: person.schoolId, roles: person.roles, sessionId: "session" };
    const token = await signAccessToken(actor, new Date());
    headers.set("authorization", `Bearer ${token}`);
  }
  const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
  const params = Promise.resolve(id === undefined ? {} : { id });
  const answer = await handler(new Request(`http://localhost:3000/api${query}`, init), { params });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: text === "" ? null : JSON.parse(text) };
}

/** A subscription at a push service that everybody may use. */
const subscription = (): VirtualSubscription["json"] => {
  const { json, token } = service.subscribe();
  return { ...json, endpoint: `https://updates.push.services.mozilla.com/wpush/v2/${token}` };
};
const guardian = () => at(scene.guardians, 0);
const other = () => at(scene.guardians, 1);

describe("push subscriptions", () => {
  it("gives the public key to anybody", async () => {
    const { status, body } = await call(publicKey, null, "GET");
    expect(status).toBe(200);
    expect(Buffer.from(body.publicKey, "base64url")).toHaveLength(65);
  });

  it("needs somebody signed in", async () => {
    expect((await call(saveSubscription, null, "POST", subscription())).status).toBe(401);
    expect((await call(listNotifications, null, "GET")).status).toBe(401);
    expect((await call(getPreferences, null, "GET")).status).toBe(401);
  });

  it("keeps one subscription one, and says no word of its address", async () => {
    const json = subscription();
    const first = await call(saveSubscription, guardian(), "POST", json);
    const again = await call(saveSubscription, guardian(), "POST", json);
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.body).toEqual(first.body);
    expect(first.headers.get("set-cookie")).toMatch(/^campus\.device=.*HttpOnly; SameSite=Lax/);
    const list = await call(listSubscriptions, guardian(), "GET");
    expect(list.body.items).toMatchObject([{ id: first.body.id, name: "Firefox on Linux" }]);
    expect(JSON.stringify(list.body)).not.toContain("mozilla");
  });

  it("moves a shared browser to the person who signs in, with a new id; the former owner's is gone", async () => {
    const json = subscription();
    const before = await call(saveSubscription, guardian(), "POST", json);
    const moved = await call(saveSubscription, other(), "POST", json);
    expect(moved.status).toBe(201);
    expect(moved.body.id).not.toBe(before.body.id);
    expect((await call(removeSubscription, guardian(), "DELETE", undefined, before.body.id)).status).toBe(404);
    const rows = await db().pushSubscription.findMany({ where: { endpoint: json.endpoint } });
    expect(rows.map(({ userId }) => userId)).toEqual([other().id]);
  });

  it("refuses a known address with other keys", async () => {
    const json = subscription();
    await call(saveSubscription, guardian(), "POST", json);
    const { keys } = subscription();
    for (const person of [guardian(), other()]) {
      const taken = await call(saveSubscription, person, "POST", { ...json, keys });
      expect([taken.status, taken.body.code]).toEqual([409, "push_endpoint_taken"]);
    }
  });

  it("stays one when many save it at the same moment", async () => {
    const json = subscription();
    const answers = await Promise.all(
      [guardian(), other(), guardian(), other()].map((person) => call(saveSubscription, person, "POST", json)),
    );
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
    expect(await db().pushSubscription.count({ where: { endpoint: json.endpoint } })).toBe(1);
  });

  it.each([
    "http://updates.push.services.mozilla.com/x",
    "https://evil.example/x",
    "https://127.0.0.1/x",
    "https://localhost:8443/x",
    "https://169.254.169.254/x",
    "https://updates.push.services.mozilla.com:22/x",
  ])("refuses the address %s", async (endpoint) => {
    // The address is judged first: that the keys are no keys changes nothing.
    for (const keys of [subscription().keys, { p256dh: "dummy", auth: "dummy" }])
      for (const renewal of [false, true]) {
        const body = { endpoint, keys, renewal };
        const refused = await call(saveSubscription, guardian(), "POST", body);
        expect([refused.status, refused.body.code]).toEqual([400, "push_endpoint_refused"]);
      }
  });

  it.each([
    ["no body", undefined],
    ["no keys", { endpoint: "https://fcm.googleapis.com/x" }],
    ["a key that is no point", { p256dh: Buffer.alloc(65, 4).toString("base64url") }],
    ["a short secret", { auth: Buffer.alloc(15).toString("base64url") }],
    ["keys that are none", { p256dh: "x", auth: "" }],
    ["a key of another alphabet", { p256dh: Buffer.alloc(65, 255).toString("base64") }],
    ["NUL in the key", { auth: "\u0000".repeat(22) }],
  ])("refuses %s", async (_, change) => {
    const json = subscription();
    const isKey = change && ("p256dh" in change || "auth" in change);
    const body = isKey ? { ...json, keys: { ...json.keys, ...change } } : change;
    const answer = await call(saveSubscription, guardian(), "POST", body);
    expect([answer.status, answer.body.code]).toEqual([400, "invalid_request"]);
  });

  it("removes one's own and nobody else's", async () => {
    const { body } = await call(saveSubscription, guardian(), "POST", subscription());
    for (const person of [other(), at(stranger.guardians, 0), scene.admin])
      expect((await call(removeSubscription, person, "DELETE", undefined, body.id)).status).toBe(404);
    expect((await call(removeSubscription, guardian(), "DELETE", undefined, body.id)).status).toBe(204);
    expect((await call(removeSubscription, guardian(), "DELETE", undefined, body.id)).status).toBe(404);
    expect((await call(removeSubscription, guardian(), "DELETE", undefined, "../x")).status).toBe(404);
  });

  it("tests one's own device through the queue, not into the inbox, and not without end", async () => {
    const { body } = await call(saveSubscription, other(), "POST", subscription());
    expect((await call(testSubscription, guardian(), "POST", undefined, body.id)).status).toBe(404);
    const sent = await call(testSubscription, other(), "POST", undefined, body.id);
    expect(sent.status).toBe(202);
    const rows = await db().notificationDelivery.findMany({ where: { notificationId: sent.body.id } });
    expect(rows).toMatchObject([{ subscriptionId: body.id, state: "PENDING" }]);
    const inbox = await call(listNotifications, other(), "GET");
    expect(inbox.body).toMatchObject({ items: [], unread: 0 });
    let last = sent;
    for (let n = 0; n < 20; n += 1) last = await call(testSubscription, other(), "POST", undefined, body.id);
    expect(last.status).toBe(429);
    expect(Number(last.headers.get("retry-after"))).toBeGreaterThan(0);
  });
});

describe("notification preferences", () => {
  it("answers only what is really sent, and keeps what is left out of a change", async () => {
    const person = at(stranger.guardians, 0);
    const on = { webPush: true, email: false, inApp: true };
    const all = { absence: on, attendanceCorrection: on, enrollment: on, classChange: on };
    expect((await call(getPreferences, person, "GET")).body).toEqual({
      categories: all,
      quietHours: null,
      digest: "off",
    });
    const quietHours = { start: "21:30", end: "06:00", timeZone: "Europe/Prague" };
    const changed = await call(putPreferences, person, "PUT", {
      categories: { absence: { webPush: false, email: true, inApp: true }, later: { webPush: true } },
      quietHours,
      digest: "daily",
    });
    const expected = {
      categories: { ...all, absence: { webPush: false, email: false, inApp: true } },
      quietHours,
      digest: "daily",
    };
    expect([changed.status, changed.body]).toEqual([200, expected]);
    expect((await call(getPreferences, person, "GET")).body).toEqual(expected);
    const cleared = await call(putPreferences, person, "PUT", { quietHours: null });
    expect(cleared.body).toEqual({ ...expected, quietHours: null });
    expect((await call(getPreferences, at(stranger.students, 0), "GET")).body.categories).toEqual(all);
  });

  it.each([
    { quietHours: { start: "25:00", end: "06:00", timeZone: "Europe/Prague" } },
    { quietHours: { start: "21:00", end: "21:00", timeZone: "Europe/Prague" } },
    { quietHours: { start: "21:00", end: "06:00", timeZone: "Mars/Olympus" } },
    { quietHours: { start: "21:00" } },
    { digest: "weekly" },
    { categories: { absence: { webPush: "yes" } } },
    { categories: [] },
    [],
    "x",
  ])("refuses %j", async (body) => {
    const answer = await call(putPreferences, guardian(), "PUT", body);
    expect([answer.status, answer.body.code]).toEqual([400, "invalid_request"]);
  });
});

describe("the inbox over HTTP", () => {
  it("lists one's own, marks it read once and for good, and refuses everybody else's", async () => {
    await deliver(notificationConsumer, eventOf("attendance_marked_absent", absenceData(at(scene.students, 0))), {
      client: db(),
    });
    const { body } = await call(listNotifications, guardian(), "GET");
    expect(body).toMatchObject({ unread: 1, nextCursor: null });
    const [item] = body.items;
    expect(item).toMatchObject({ category: "absence", link: `/n/${item.id}`, readAt: null });
    for (const person of [other(), at(scene.teachers, 0), scene.admin, at(stranger.guardians, 0)]) {
      expect((await call(readNotification, person, "POST", undefined, item.id)).status).toBe(404);
      expect((await call(listNotifications, person, "GET")).body.items).toEqual([]);
    }
    expect((await call(readNotification, guardian(), "POST", undefined, item.id)).status).toBe(204);
    expect((await call(readNotification, guardian(), "POST", undefined, item.id)).status).toBe(204);
    expect((await call(listNotifications, guardian(), "GET")).body).toMatchObject({ unread: 0 });
    const unread = await call(listNotifications, guardian(), "GET", undefined, undefined, "?unread=true");
    expect(unread.body.items).toEqual([]);
  });

  it.each([
    "?limit=0",
    "?limit=201",
    "?limit=x",
    "?cursor=x",
    "?cursor=WzEsMl0",
    "?cursor=WyJhIiwiYiJd",
    "?cursor=Wy04NjQwMDAwMDAwMDAwMDAwLCJ4Il0",
    "?limit=0x10",
    "?unread=maybe",
  ])("refuses %s", async (query) => {
    const answer = await call(listNotifications, guardian(), "GET", undefined, undefined, query);
    expect([answer.status, answer.body.code]).toEqual([400, "invalid_request"]);
  });
});
