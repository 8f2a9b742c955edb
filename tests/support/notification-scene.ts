// What tests of notifications are made of: subscriptions of pretended browsers, events as they come from the log, and a
// dispatcher that sends to the local push service.
import { createECDH } from "node:crypto";
import { createPushDispatcher, type PushDispatcherOptions } from "@/lib/notification/channels/web-push/dispatcher";
import type { Dispatcher } from "@/lib/notification/deliveries/dispatch";
import type { SendResult } from "@/lib/notification/channels/web-push/send-outcome";
import { createPushTransport, type TransportOptions } from "@/lib/notification/channels/web-push/transport";
import type { Db } from "@/lib/platform/db/client";
import type { VapidKeys } from "@/lib/platform/runtime/secrets";
import type { CloudEvent, EventData, EventType } from "@/lib/shared/events";
import { newId } from "@/lib/shared/ids";
import type { PushService, VirtualSubscription } from "./push-service";

/** A VAPID key pair of its own. */
export function newVapidKeys(): VapidKeys {
  const pair = createECDH("prime256v1");
  pair.generateKeys();
  return {
    publicKey: pair.getPublicKey("base64url"),
    privateKey: Buffer.concat([Buffer.alloc(32), pair.getPrivateKey()])
      .subarray(-32)
      .toString("base64url"),
    subject: "mailto:push@test.campusos.example",
  };
}

/** Stores a pretended browser's subscription for a person. */
export async function addSubscription(
  client: Db,
  service: PushService,
  person: { id: string; schoolId: string },
  vapid: VapidKeys,
): Promise<VirtualSubscription & { id: string }> {
  const subscription = service.subscribe(vapid.publicKey);
  const id = newId();
  await client.pushSubscription.create({
    data: {
      id,
      schoolId: person.schoolId,
      userId: person.id,
      endpoint: subscription.json.endpoint,
      ...subscription.json.keys,
      vapidPublicKey: vapid.publicKey,
    },
  });
  return { ...subscription, id };
}

/** An event as the outbox holds it. */
export function eventOf<T extends EventType>(type: T, data: EventData<T>): CloudEvent<T> {
  return {
    specversion: "1.0",
    id: newId(),
    source: `/campusos/schools/${data.schoolId}`,
    type,
    subject: subjectOf(data),
    time: new Date().toISOString(),
    datacontenttype: "application/json",
    data,
  };
}

function subjectOf(data: EventData<EventType>): string {
  if ("studentId" in data) return data.studentId;
  return "sectionId" in data ? data.sectionId : data.schoolId;
}

/** Data of an absence of `student`; a fresh attendance record unless `overrides` names one. */
export function absenceData(
  student: { id: string; schoolId: string },
  overrides: Partial<EventData<"attendance_marked_absent">> = {},
): EventData<"attendance_marked_absent"> {
  return {
    attendanceRecordId: newId(),
    version: 1,
    classSessionId: newId(),
    sectionId: newId(),
    sectionCode: "PH101.1",
    sectionTitle: "Physics",
    studentId: student.id,
    schoolId: student.schoolId,
    date: "2026-11-18",
    startsAt: "2026-11-18T11:00:00+01:00",
    markedById: newId(),
    ...overrides,
  };
}

export type TestDispatcherOptions = Partial<Omit<PushDispatcherOptions, "client" | "transport" | "vapidPublicKey">> & {
  transportOptions?: Partial<TransportOptions>;
  /** Stands around each send: what it awaits before and after `send()` happens while the push is on its way. */
  aroundSend?: (send: () => Promise<SendResult>) => Promise<SendResult>;
};

/** A machine that stands still for a while must not look like an answer that was lost or a process that died. */
const PATIENCE = { leaseMs: 600_000, timeoutMs: 100_000 };

/** A dispatcher that sends to `service`, with the means to end it. */
export function dispatcherFor(
  client: Db,
  service: PushService,
  vapid: VapidKeys,
  { transportOptions, aroundSend = (send) => send(), ...options }: TestDispatcherOptions = {},
): Dispatcher & { close(): Promise<void> } {
  const transport = createPushTransport({
    vapid,
    allowlist: ["localhost"],
    ca: service.certificate.cert,
    timeoutMs: PATIENCE.timeoutMs,
    ...transportOptions,
  });
  const dispatcher = createPushDispatcher({
    client,
    transport: { ...transport, send: (message) => aroundSend(() => transport.send(message)) },
    vapidPublicKey: vapid.publicKey,
    publicUrl: "https://campus.example",
    leaseMs: PATIENCE.leaseMs,
    patienceMs: 0,
    ...options,
  });
  return {
    ...dispatcher,
    async close() {
      await dispatcher.stop();
      transport.close();
    },
  };
}

/** Makes every claim that is held as old as one of a process that died long ago. */
export async function expireLeases(client: Db): Promise<void> {
  await client.$executeRaw`
    UPDATE notification_delivery SET claimed_at = claimed_at - interval '1 hour' WHERE state = 'SENDING'`;
}

/** Runs a dispatcher until nothing that is due is left. */
export async function drain(dispatcher: Dispatcher): Promise<void> {
  for (let claimed = 1; claimed > 0;) {
    claimed = await dispatcher.tick();
    await dispatcher.idle();
  }
}
