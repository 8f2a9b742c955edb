// Which browsers get a person's pushes: who turns them on, who ends them, and what a browser may do by itself.
import { describe, expect, it, vi } from "vitest";
import { POST as logout } from "@/app/api/logout/route";
import { POST as saveRoute } from "@/app/api/push-subscriptions/route";
import { signAccessToken } from "@/lib/identity/sessions/access-token";
import { db } from "@/lib/platform/db/client";
import { vapidKeys } from "@/lib/platform/runtime/secrets";
import { pushScene } from "@/tests/support/push-scene";
import type { VirtualSubscription } from "@/tests/support/push-service";
import { at, contextOf, type TestSchool } from "@/tests/support/school";
import { deviceOf } from "./device-cookie";
import { listDevices } from "../queries";
import { removeSubscription } from "./remove-subscription";

// Before the configuration is read, which happens once.
vi.stubEnv("PUSH_ENDPOINT_ALLOWLIST", "localhost");
const { service, vapid, guardian, absent, send } = pushScene({ vapid: vapidKeys(), students: 1, guardiansOf: [0, 0] });

const other = () => guardian(1);
const subscribe = () => service.subscribe(vapid.publicKey);
type Person = TestSchool["guardians"][number];

/** A browser, as far as it is its cookie. */
class Browser {
  cookie: string | null = null;

  async post(person: Person, json: VirtualSubscription["json"], renewal: boolean) {
    const answer = await saveRoute(await this.request("push-subscriptions", person, { ...json, renewal }), nothing);
    const cookie = answer.headers.get("set-cookie")?.split(";")[0];
    if (cookie !== undefined) this.cookie = cookie;
    return answer.status;
  }

  /** Signs out with a token that is no good any more: all that is left is the cookie of the device. */
  async signOut(headers: Record<string, string> = {}) {
    const request = await this.request("logout", null, undefined);
    for (const [name, value] of Object.entries(headers)) request.headers.set(name, value);
    return logout(request, nothing);
  }

  private async request(path: string, person: Person | null, body: unknown): Promise<Request> {
    const headers = new Headers({ "content-type": "application/json" });
    if (person) {
      const actor = { userId: person.id, schoolId: person.schoolId, roles: person.roles, sessionId: "session" };
      headers.set("authorization", `Bearer ${await signAccessToken(actor, new Date())}`);
    }
    if (this.cookie !== null) headers.set("cookie", this.cookie);
    return new Request(`http://localhost:3000/api/${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  }
}

const nothing = { params: Promise.resolve({}) };
const devicesOf = (person: Person) => listDevices(contextOf(person), { locale: "en" });

/** A browser in which the guardian has turned pushes on, and its subscription. */
async function turnedOn() {
  const browser = new Browser();
  const phone = subscribe();
  await browser.post(guardian(), phone.json, false);
  return { browser, phone };
}

/** The push service has forgotten a subscription, and an alert has found out. */
async function forgotten({ token }: VirtualSubscription) {
  service.expire(token);
  await absent();
  await send();
}

describe("signing out of a browser", () => {
  it("ends its pushes also when the session was over already: the cookie is enough", async () => {
    const { browser, phone } = await turnedOn();
    await absent();
    const answer = await browser.signOut();
    expect(answer.status).toBe(401);
    expect(answer.headers.get("set-cookie")).toMatch(/^campus\.device=; Path=\/; Expires=Thu, 01 Jan 1970 /);
    await absent();
    await send();
    expect(service.requestsTo(phone.token)).toEqual([]);
    expect(await devicesOf(guardian())).toEqual([]);
    expect((await browser.signOut()).headers.get("set-cookie")).toBeNull();
  });

  it("is not done by a page of another site, nor by a browser that has no such cookie", async () => {
    const { browser } = await turnedOn();
    await browser.signOut({ origin: "https://evil.example" });
    await new Browser().signOut();
    expect(await devicesOf(guardian())).toHaveLength(1);
  });

  it("leaves nothing that the browser could bring back by itself, for nobody", async () => {
    const { browser, phone } = await turnedOn();
    await browser.signOut();
    for (const person of [guardian(), other()]) {
      expect(await browser.post(person, phone.json, true)).toBe(404);
      expect(await browser.post(person, subscribe().json, true)).toBe(404);
      expect(await devicesOf(person)).toEqual([]);
    }
  });
});

describe("a browser that brings its subscription by itself", () => {
  it("keeps its device, at the same address and at a new one", async () => {
    const { browser, phone } = await turnedOn();
    const before = await devicesOf(guardian());
    const fresh = subscribe();
    for (const { json } of [phone, fresh, fresh]) expect(await browser.post(guardian(), json, true)).toBe(201);
    expect((await devicesOf(guardian())).map(({ id }) => id)).toEqual(before.map(({ id }) => id));
    await absent();
    await send();
    expect(service.receivedBy(fresh.token)).toHaveLength(1);
    expect(service.requestsTo(phone.token)).toEqual([]);
  });

  it("keeps it without its cookie as long as the address is known", async () => {
    const { phone } = await turnedOn();
    expect(await new Browser().post(guardian(), phone.json, true)).toBe(201);
    expect(await new Browser().post(guardian(), subscribe().json, true)).toBe(404);
    expect(await devicesOf(guardian())).toHaveLength(1);
  });

  it("comes back when its push service had forgotten it, however many pages bring it at once", async () => {
    const { browser, phone } = await turnedOn();
    await forgotten(phone);
    expect(await devicesOf(guardian())).toEqual([]);
    const fresh = subscribe();
    const answers = await Promise.all([1, 2, 3, 4].map(() => browser.post(guardian(), fresh.json, true)));
    expect(answers).toEqual([201, 201, 201, 201]);
    expect((await devicesOf(guardian())).map(({ id }) => id)).toEqual([deviceOf(browser.cookie)]);
    await absent();
    await send();
    expect(service.receivedBy(fresh.token)).toHaveLength(1);
  });

  it("does not come back when its person removed it, also at a new address; turning it on again brings it back", async () => {
    const { browser, phone } = await turnedOn();
    await removeSubscription(contextOf(guardian()), { id: at(await devicesOf(guardian()), 0).id });
    expect(await browser.post(guardian(), phone.json, true)).toBe(404);
    expect(await browser.post(guardian(), subscribe().json, true)).toBe(404);
    expect(await devicesOf(guardian())).toEqual([]);
    expect(await browser.post(guardian(), phone.json, false)).toBe(201);
    expect(await browser.post(guardian(), phone.json, true)).toBe(201);
    expect(await devicesOf(guardian())).toHaveLength(1);
  });

  it("opts nobody else in: whoever signs in there next gets nothing, and the former person nothing more", async () => {
    const { browser, phone } = await turnedOn();
    await absent();
    expect(await browser.post(other(), phone.json, true)).toBe(404);
    await absent();
    await send();
    expect(service.requestsTo(phone.token)).toEqual([]);
    expect(await devicesOf(guardian())).toEqual([]);
    expect(await devicesOf(other())).toEqual([]);
    // Asked for, it is the next person's.
    expect(await browser.post(other(), phone.json, false)).toBe(201);
    expect(await devicesOf(other())).toHaveLength(1);
  });

  it("opts nobody else in where the push service had forgotten the former person's, either", async () => {
    const { browser, phone } = await turnedOn();
    await forgotten(phone);
    const fresh = subscribe();
    for (const person of [other(), guardian()]) expect(await browser.post(person, fresh.json, true)).toBe(404);
    expect(await db().pushSubscription.count({ where: { endpoint: fresh.json.endpoint } })).toBe(0);
  });

  it("ends nobody's device by an address that it only knows, without its keys", async () => {
    const { phone } = await turnedOn();
    const guessed = { ...phone.json, keys: subscribe().json.keys };
    expect(await new Browser().post(other(), guessed, true)).toBe(404);
    expect(await devicesOf(guardian())).toHaveLength(1);
  });
});

describe("an address", () => {
  it("is one however it is spelled", async () => {
    const browser = new Browser();
    const { json, token } = service.subscribe();
    const spelled = (host: string) => ({ ...json, endpoint: `https://${host}/wpush/v2/${token}` });
    const host = "updates.push.services.mozilla.com";
    for (const each of [host, host.toUpperCase(), `${host}:443`])
      expect(await browser.post(guardian(), spelled(each), false)).toBe(201);
    const rows = await db().pushSubscription.findMany({ where: { userId: guardian().id } });
    expect(rows.map(({ endpoint }) => endpoint)).toEqual([spelled(host).endpoint]);
  });
});
