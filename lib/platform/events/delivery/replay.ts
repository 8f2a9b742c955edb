import { parseCloudEvent } from "@/lib/shared/events";
import type { Db } from "@/lib/platform/db/client";
import type { AnyConsumer, EventOf } from "./consumer";
import { deliver } from "./deliver";

/** A dead letter as the office sees it. */
export type DeadLetterRow = {
  id: string;
  consumer: string;
  eventId: string;
  type: string;
  reason: string;
  attempts: number;
  origin: string;
  createdAt: Date;
  replayedAt: Date | null;
};

/** Which dead letters: all that have not been replayed, or fewer. */
export type DeadLetterFilter = { consumer?: string; type?: string; id?: string; includeReplayed?: boolean };

/** What became of a replayed dead letter. */
export type Replayed = { id: string; eventId: string; consumer: string; result: string };

const WITHOUT_ENVELOPE = {
  id: true,
  consumer: true,
  eventId: true,
  type: true,
  reason: true,
  attempts: true,
  origin: true,
  createdAt: true,
  replayedAt: true,
} as const;
const LISTED_AT_MOST = 1_000;

/** Dead letters, oldest first. */
export function listDeadLetters(client: Db, filter: DeadLetterFilter = {}): Promise<DeadLetterRow[]> {
  return client.deadLetter.findMany({
    where: {
      ...(filter.consumer ? { consumer: filter.consumer } : {}),
      ...(filter.type ? { type: filter.type } : {}),
      ...(filter.id ? { id: filter.id } : {}),
      ...(filter.includeReplayed ? {} : { replayedAt: null }),
    },
    select: WITHOUT_ENVELOPE,
    orderBy: { createdAt: "asc" },
    take: LISTED_AT_MOST,
  });
}

/**
 * Hands dead letters to their consumers again, in the order in which they were set aside. What works now has its effect
 * once, however often it is replayed; what still fails stays a dead letter with its new reason. Later events of the key
 * have been handled meanwhile: a consumer that minds compares versions.
 */
export async function replayDeadLetters(
  client: Db,
  consumers: readonly AnyConsumer[],
  letters: readonly DeadLetterRow[],
): Promise<Replayed[]> {
  const results: Replayed[] = [];
  for (const { id, eventId, consumer: name } of letters) {
    results.push({ id, eventId, consumer: name, result: await replayOne(client, consumers, id, name) });
  }
  return results;
}

async function replayOne(client: Db, consumers: readonly AnyConsumer[], id: string, name: string): Promise<string> {
  const consumer = consumers.find((known) => known.name === name);
  if (!consumer) return `there is no consumer ${name} any more`;
  const letter = await client.deadLetter.findUnique({ where: { id }, select: { envelope: true, origin: true } });
  const parsed = parseCloudEvent(letter?.envelope);
  if (!("event" in parsed)) return `cannot be read: ${parsed.invalid}`;
  const delivery = await deliver(consumer, parsed.event as EventOf, {
    client,
    replay: true,
    origin: letter?.origin ?? "log",
  });
  return "reason" in delivery ? `${delivery.kind}: ${delivery.reason}` : delivery.kind;
}
