// How a push leaves: the token that signs it, and the addresses that it may go to.
import { describe, expect, it } from "vitest";
import { db } from "@/lib/platform/db/client";
import { addSubscription, dispatcherFor, drain } from "@/tests/support/notification-scene";
import { pushScene } from "@/tests/support/push-scene";
import { PushService } from "@/tests/support/push-service";
import { createPushTransport } from "./transport";

const { service, vapid, guardian, phoneOf, absent, send, deliveriesTo } = pushScene({ students: 1, guardiansOf: [0] });
const messageTo = (endpoint: string, keys = service.subscribe().json.keys) =>
  ({ endpoint, keys, payload: "x", topic: "t", urgency: "normal", ttlSeconds: 60 }) as const;

describe("the push transport", () => {
  it("signs once an origin, with a token that the service accepts", async () => {
    const phone = await phoneOf();
    for (let n = 0; n < 3; n += 1) await absent();
    await send();
    const requests = service.requestsTo(phone.token);
    expect(requests.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(new Set(requests.map(({ authorization }) => authorization)).size).toBe(1);
  });

  it("makes its token anew when the clock was set back, and once an hour after a refusal", async () => {
    let nowMs = Date.now();
    const options = { vapid, allowlist: ["localhost"], ca: service.certificate.cert, nowMs: () => nowMs };
    const transport = createPushTransport(options);
    const phone = service.subscribe(vapid.publicKey);
    const tokens = async (count: number) => {
      for (let n = 0; n < count; n += 1) await transport.send(messageTo(phone.json.endpoint, phone.json.keys));
      return service.requestsTo(phone.token).map(({ authorization }) => authorization);
    };
    const first = await tokens(2);
    expect(new Set(first).size).toBe(1);
    nowMs -= 3_600_000;
    expect(new Set(await tokens(2)).size).toBe(2);
    service.fault(phone.token, { status: 403 }, { status: 403 });
    expect(new Set(await tokens(2)).size).toBe(2);
    nowMs += 3_600_001;
    service.fault(phone.token, { status: 403 });
    expect(new Set(await tokens(1)).size).toBe(2);
    expect(new Set(await tokens(2)).size).toBe(3);
    transport.close();
  });

  it("checks the address again at every send", async () => {
    const phone = await phoneOf();
    await absent();
    await send({ transportOptions: { allowlist: [] } });
    expect(await deliveriesTo(phone.id)).toMatchObject([{ state: "DEAD", reason: "endpoint_port" }]);
    expect(service.requestsTo(phone.token)).toHaveLength(0);
  });

  it("speaks http to a host that the operator named", async () => {
    const plain = await new PushService({ scheme: "http" }).start();
    const phone = await addSubscription(db(), plain, guardian(), vapid);
    await absent();
    const sending = dispatcherFor(db(), plain, vapid);
    await drain(sending);
    await sending.close();
    await plain.stop();
    expect(plain.receivedBy(phone.token)).toHaveLength(1);
  });

  it("does not connect when a push service's name leads to an address inside", async () => {
    const asked: string[] = [];
    const send = async (addresses: { address: string; family: number }[]) => {
      const transport = createPushTransport({
        vapid,
        allowlist: [],
        resolve(hostname, done) {
          asked.push(hostname);
          done(null, addresses);
        },
      });
      const result = await transport.send(messageTo("https://inside.push.apple.com/x"));
      transport.close();
      return result;
    };
    const inside = { address: "127.0.0.1", family: 4 };
    const refused = { kind: "failed", reason: "private_address" };
    expect(await send([inside])).toEqual(refused);
    expect(await send([{ address: "17.0.0.1", family: 4 }, inside])).toEqual(refused);
    expect(asked).toEqual(["inside.push.apple.com", "inside.push.apple.com"]);
  });
});
