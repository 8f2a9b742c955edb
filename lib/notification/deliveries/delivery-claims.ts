import { Prisma, type Db } from "@/lib/platform/db/client";
import { OWNER_LOCK_CLASS } from "@/lib/platform/events/delivery/attempts";
import { newId } from "@/lib/shared/ids";

/**
 * The name under which a dispatcher claims. `owner` is the number on which its process holds a session lock: the claims
 * end with that session, so with the process. Null (tests, tools): they end with their lease alone.
 */
export function holderName(owner: number | null): string {
  return owner === null ? newId() : `${owner}/${newId()}`;
}

/** True for a claim whose process is gone: nobody holds the number it is made under. Of a name without one nobody knows. */
const holderIsGone = Prisma.sql`(
  d.claimed_by ~ '^[0-9]+/' AND NOT EXISTS (
    SELECT 1 FROM pg_locks l
    WHERE l.locktype = 'advisory' AND l.granted AND l.classid = ${OWNER_LOCK_CLASS}::int::oid
      AND l.objid = split_part(d.claimed_by, '/', 1)::bigint::oid
      AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())))`;

const leaseIsOver = (leaseMs: number) =>
  Prisma.sql`d.claimed_at < now() - ${leaseMs}::float8 * interval '1 millisecond'`;

/** The deliveries of a condition, locked in the order of their ids: whoever changes several locks them so, and none waits in a circle. */
const inOrder = (condition: Prisma.Sql) =>
  Prisma.sql`SELECT d.id FROM notification_delivery d WHERE ${condition} ORDER BY d.id FOR UPDATE`;

/** Holders, besides `worker`, that seem to be gone: their session ended, or they did not renew their lease (frozen). */
export async function suspectedHolders(client: Db, worker: string, leaseMs: number): Promise<string[]> {
  const rows = await client.$queryRaw<{ holder: string }[]>`
    SELECT DISTINCT d.claimed_by AS holder FROM notification_delivery d
    WHERE d.state = 'SENDING' AND d.claimed_by <> ${worker} AND (${leaseIsOver(leaseMs)} OR ${holderIsGone})`;
  return rows.map(({ holder }) => holder);
}

/** A delivery that was being sent by this many processes when they died is taken for the cause. */
const MAX_CRASHES = 5;

/**
 * What these holders were sending is due again; one that is back by now keeps its own. Whatever one process was sending is
 * blamed together; each further time it comes back after a longer random while, so that the innocent leave before the one
 * that kills is met again.
 */
export async function reclaimDeliveries(
  client: Db,
  request: { now: Date; holders: readonly string[]; leaseMs: number },
): Promise<{ reclaimed: number; crashed: number }> {
  if (request.holders.length === 0) return { reclaimed: 0, crashed: 0 };
  const rows = await client.$queryRaw<{ dead: boolean }[]>`
    WITH locked AS (${inOrder(Prisma.sql`d.state = 'SENDING' AND d.claimed_by = ANY (${[...request.holders]}::text[])`)})
    UPDATE notification_delivery d SET crashes = crashes + 1, claimed_at = NULL, claimed_by = NULL,
      state = CASE WHEN crashes + 1 >= ${MAX_CRASHES}::int THEN 'DEAD' ELSE 'PENDING' END::"DeliveryState",
      reason = CASE WHEN crashes + 1 >= ${MAX_CRASHES}::int THEN 'worker_died' ELSE reason END,
      not_before = CASE WHEN crashes = 0 THEN not_before
        ELSE GREATEST(not_before, ${request.now}::timestamptz + random() * (2 ^ crashes) * interval '5 seconds') END
    FROM locked WHERE d.id = locked.id AND state = 'SENDING' AND claimed_by = ANY (${[...request.holders]}::text[])
      AND (${leaseIsOver(request.leaseMs)} OR ${holderIsGone})
    RETURNING state = 'DEAD' AS dead`;
  const crashed = rows.filter(({ dead }) => dead).length;
  return { reclaimed: rows.length - crashed, crashed };
}

/** A claim whose answer was lost on the way is one that its own process does not know of. */
const UNKNOWN_AFTER_SECONDS = 10;

/**
 * A living process keeps what it is sending (`holding`), and gives back, without a try and without blame, what it has
 * claimed and does not know of.
 */
export async function renewClaims(
  client: Db,
  request: { worker: string; holding: readonly string[]; leaseMs: number },
): Promise<void> {
  const { worker, leaseMs } = request;
  const holding = [...request.holding];
  const isOld = Prisma.sql`d.state = 'SENDING' AND d.claimed_by = ${worker} AND d.id = ANY (${holding}::text[])
      AND d.claimed_at < now() - ${leaseMs / 6}::float8 * interval '1 millisecond'`;
  await client.$executeRaw`
    WITH locked AS (${inOrder(isOld)})
    UPDATE notification_delivery d SET claimed_at = now() FROM locked WHERE d.id = locked.id AND ${isOld}`;
  const isUnknown = Prisma.sql`d.state = 'SENDING' AND d.claimed_by = ${worker} AND d.id <> ALL (${holding}::text[])
      AND d.claimed_at < now() - ${UNKNOWN_AFTER_SECONDS}::int * interval '1 second'`;
  await client.$executeRaw`
    WITH locked AS (${inOrder(isUnknown)})
    UPDATE notification_delivery d SET state = 'PENDING', claimed_at = NULL, claimed_by = NULL, attempts = attempts - 1
    FROM locked WHERE d.id = locked.id AND ${isUnknown}`;
}

/** Closes what is no longer worth sending; answers how many. */
export async function closeExpired(client: Db, now: Date): Promise<number> {
  const isOver = Prisma.sql`d.state = 'PENDING' AND d.not_before <= ${now} AND d.expires_at <= ${now}`;
  return client.$executeRaw`
    WITH locked AS (${inOrder(isOver)})
    UPDATE notification_delivery d SET state = 'DEAD', reason = 'expired' FROM locked WHERE d.id = locked.id AND ${isOver}`;
}
