import { db, type Db } from "@/lib/platform/db/client";
import type { LockSession } from "@/lib/platform/events/lock-session";
import { env } from "@/lib/platform/runtime/env";
import { vapidKeys } from "@/lib/platform/runtime/secrets";
import { createDispatcher, type Dispatcher, type DispatcherOptions, runDispatcher } from "../../deliveries/dispatch";
import { createPushSender } from "./send-pushes";
import { createPushTransport, type PushTransport } from "./transport";

export type PushDispatcherOptions = Omit<DispatcherOptions, "channel" | "sender"> & {
  client: Db;
  transport: PushTransport;
  /** Our VAPID key; subscriptions made for another one cannot be sent to. */
  vapidPublicKey: string;
  publicUrl: string | undefined;
  random?: () => number;
};

/** The dispatcher of pushes: a repeat of one has the same Topic and tag, and replaces the first on the device. */
export function createPushDispatcher(options: PushDispatcherOptions): Dispatcher {
  return createDispatcher({
    ...options,
    channel: "webPush",
    sender: (process) => createPushSender({ ...options, ...process }),
  });
}

/** The worker role. */
export async function runPushDispatcher(
  session: LockSession,
  role: { signal: AbortSignal; onProgress: () => void },
): Promise<void> {
  const vapid = vapidKeys();
  const transport = createPushTransport({ vapid, allowlist: env().PUSH_ENDPOINT_ALLOWLIST });
  const dispatcher = createPushDispatcher({
    client: db(),
    transport,
    vapidPublicKey: vapid.publicKey,
    publicUrl: env().PUBLIC_URL,
    session,
    onProgress: role.onProgress,
  });
  await runDispatcher(dispatcher, role.signal);
  transport.close();
}
