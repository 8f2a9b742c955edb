import { db, type Db } from "@/lib/platform/db/client";
import type { LockSession } from "@/lib/platform/events/lock-session";
import { env } from "@/lib/platform/runtime/env";
import { createDispatcher, type Dispatcher, type DispatcherOptions, runDispatcher } from "../../deliveries/dispatch";
import { createMailSender } from "./send-mail";
import { type MailTransport, mailTransport } from "./transport";

export type MailDispatcherOptions = Omit<DispatcherOptions, "channel" | "sender"> & {
  client: Db;
  transport: MailTransport;
  publicUrl: string | undefined;
  random?: () => number;
};

/** As many mails at a time as there are connections to the server; the others wait for no good. */
const CONCURRENCY = 8;
/** Nobody waits for a mail as for a push, and looking costs something. */
const POLL_MS = 1_000;
const SWEEP_MS = 5_000;

/** The dispatcher of mail: a repeat has the same Message-ID. */
export function createMailDispatcher(options: MailDispatcherOptions): Dispatcher {
  return createDispatcher({
    concurrency: CONCURRENCY,
    pollMs: POLL_MS,
    sweepMs: SWEEP_MS,
    ...options,
    channel: "email",
    sender: (process) => createMailSender({ ...options, ...process }),
  });
}

/** The worker role; throws where nothing can be mailed. */
export async function runMailDispatcher(
  session: LockSession,
  role: { signal: AbortSignal; onProgress: () => void },
): Promise<void> {
  const transport = mailTransport();
  if (!transport) throw new Error("The role `mail-dispatcher` needs SMTP_URL.");
  const { onProgress } = role;
  await runDispatcher(
    createMailDispatcher({ client: db(), transport, publicUrl: env().PUBLIC_URL, session, onProgress }),
    role.signal,
  );
  transport.close();
}
