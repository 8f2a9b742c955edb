import { peopleByIds } from "@/lib/identity/people/people";
import type { Db } from "@/lib/platform/db/client";
import { log } from "@/lib/platform/runtime/log";
import { counter } from "@/lib/platform/runtime/metrics";
import type { CurrentDelivery } from "../../deliveries/claimed-deliveries";
import type { SendingProcess } from "../../deliveries/dispatch";
import { claimRest, type ClaimedDelivery, GIVEN_BACK, type Settlement } from "../../deliveries/due-deliveries";
import { sendingOf } from "../../deliveries/sending";
import { categoryOf } from "../../kinds/categories";
import { KINDS } from "../../kinds/registry";
import { wordsOf } from "../../kinds/wording";
import { mailMessage } from "./message";
import { decideMail, type MailDecision } from "./send-outcome";
import type { MailTransport } from "./transport";
import { rememberRefusedAddress } from "./refused-address";
import { unsubscribeToken } from "./unsubscribe/unsubscribe-token";

export type MailSenderOptions = SendingProcess & {
  client: Db;
  transport: MailTransport;
  publicUrl: string | undefined;
  random?: () => number;
};

/** More than anybody reads; the rest is the next mail. */
const MOST_IN_ONE = 50;

/**
 * Mails the claimed deliveries of one person, all that is due in one mail, and writes the outcome. What may be sent is
 * asked anew before. An address that its server refuses for good is remembered, and nothing more goes there.
 */
export function createMailSender(options: MailSenderOptions): (claimed: ClaimedDelivery[]) => Promise<void> {
  const { client, clock, worker, signal } = options;
  const { surely, settle, whileHolding, sendable } = sendingOf(options);

  return (claimed) =>
    whileHolding(claimed, async (take) => {
      const more = await rest(claimed);
      take(more);
      await mailAll([...claimed.map(({ id }) => id), ...more]);
    });

  /** What else is due for the person: a daily summary is one mail, however much there is. */
  async function rest(claimed: readonly ClaimedDelivery[]): Promise<string[]> {
    const userId = claimed[0]?.lane;
    const limit = MOST_IN_ONE - claimed.length;
    if (userId === undefined || limit <= 0 || signal.aborted) return [];
    return surely(() => claimRest(client, { worker, now: clock(), channel: "email", userId, limit }));
  }

  async function mailAll(ids: readonly string[]): Promise<void> {
    if (signal.aborted) return settle(ids, GIVEN_BACK);
    const wanted = await sendable(ids, unreachable);
    const [first] = wanted;
    if (!first) return;
    const sent = wanted.map(({ id }) => id);
    const decision = await attempt(first, wanted);
    counter("campus_notification_mail_total", "Outcomes of attempts to mail", ["outcome"]).inc({
      outcome: decision.kind,
    });
    await settle(sent, settlementOf(decision));
    if (decision.kind === "refusedAddress") await surely(() => rememberRefusedAddress(client, first));
    if (decision.kind === "dead" && decision.alarm)
      log().error(
        { reason: decision.reason, notificationId: first.notificationId },
        "a mail server refuses what we send",
      );
  }

  async function attempt(first: CurrentDelivery, all: readonly CurrentDelivery[]): Promise<MailDecision> {
    const students = all.flatMap(({ studentId }) => studentId ?? []);
    const people = await surely(() => peopleByIds(client, first.schoolId, students));
    const categories = new Set(all.flatMap(({ category }) => categoryOf(category) ?? []));
    const [category] = categories;
    const about = categories.size === 1 && category ? category : "all";
    const publicUrl = options.publicUrl ?? null;
    const token = unsubscribeToken({ userId: first.userId, category: about });
    const content = mailMessage({
      locale: first.locale,
      schoolName: first.schoolName,
      about,
      publicUrl,
      unsubscribePath: `/unsubscribe/${token}`,
      items: all.map(({ notificationId, ...delivery }) => ({
        ...wordsOf(delivery, people, first.locale),
        path: KINDS[delivery.kind].path ?? `/n/${notificationId}`,
      })),
    });
    const result = await options.transport.send({
      ...content,
      id: first.id,
      schoolId: first.schoolId,
      to: first.address,
      unsubscribeUrl: publicUrl === null ? null : new URL(`/api/unsubscribe/${token}`, publicUrl).href,
    });
    const expiresAt = new Date(Math.max(...all.map((delivery) => delivery.expiresAt.getTime())));
    return decideMail(result, { attempts: first.attempts, now: clock(), expiresAt }, options.random);
  }
}

function unreachable({ address, refusedAddress }: CurrentDelivery): Settlement | null {
  return address === refusedAddress ? { state: "SUPPRESSED", reason: "address_refused" } : null;
}

function settlementOf(decision: MailDecision): Settlement {
  switch (decision.kind) {
    case "accepted":
      return { state: "ACCEPTED", reason: null };
    case "retry":
      return { state: "PENDING", notBefore: decision.at, attempted: true };
    case "refusedAddress":
    case "dead":
      return { state: "DEAD", reason: decision.reason };
  }
}
