import { AppError } from "@/lib/shared/errors";
import type { CallKey, KeptAnswer } from "@/lib/shared/keyed-call";
import { Prisma, type Tx } from "../db/client";
import { say } from "@/lib/shared/say";

/** A call and the person that its key belongs to. */
export type OwnCall = { userId: string } & Pick<CallKey, "route" | "key" | "bodyHash">;

/** How long an answer is given again, by the database's clock. */
export const KEPT_HOURS = 24;

type Row = { n: number; bodyHash: Uint8Array; status: number; headers: [string, string][]; answer: string | null };
type Kept = { isSameBody: boolean; answer: KeptAnswer };

/**
 * Takes the calls of this person, route and key for this transaction, without waiting: false when another transaction
 * has them, that is while the first is still running. Comes before {@link keptAnswersOf}, in a statement of its own, so
 * that what the former holder committed is seen. Writes nothing.
 */
export async function tryHoldCall(tx: Tx, { userId, route, key }: OwnCall): Promise<boolean> {
  const name = JSON.stringify([userId, route, key]);
  const [row] = await tx.$queryRaw<{ held: boolean | null }[]>`
    SELECT pg_try_advisory_xact_lock(hashtextextended(${name}, 7200)) AS held`;
  return row?.held === true;
}

/** What was answered to these calls before, in their order, in one statement; undefined: nothing, or more than 24 h ago. */
export async function keptAnswersOf(tx: Tx, calls: readonly OwnCall[]): Promise<(Kept | undefined)[]> {
  const rows = await tx.$queryRaw<Row[]>`
    SELECT asked.n::int, k.body_hash AS "bodyHash", k.status, k.headers, k.answer
    FROM unnest(${calls.map(({ userId }) => userId)}::text[], ${calls.map(({ route }) => route)}::text[],
      ${calls.map(({ key }) => key)}::text[]) WITH ORDINALITY AS asked(user_id, route, key, n)
    JOIN idempotency_key k ON k.user_id = asked.user_id AND k.route = asked.route AND k.key = asked.key
    WHERE k.created_at > clock_timestamp() - ${KEPT_HOURS}::int * interval '1 hour'`;
  const found = new Map(rows.map((row) => [row.n, row]));
  return calls.map(({ bodyHash }, index) => {
    const row = found.get(index + 1);
    return (
      row && {
        isSameBody: isSameBody(row, { bodyHash }),
        answer: { status: row.status, headers: row.headers, body: row.answer },
      }
    );
  });
}

/**
 * Keeps the answers of these calls, in one statement of the caller's transaction, which holds them. Throws
 * `idempotency_key_reused` when another call has taken a key meanwhile.
 */
export async function keepAnswers(tx: Tx, kept: readonly { call: OwnCall; answer: KeptAnswer }[]): Promise<void> {
  if (kept.length === 0) return;
  const rows = kept.map(({ call, answer }) => ({
    user: call.userId,
    route: call.route,
    key: call.key,
    hash: Buffer.from(call.bodyHash).toString("hex"),
    status: answer.status,
    headers: answer.headers,
    answer: answer.body,
  }));
  const written = await tx.$executeRaw(Prisma.sql`
    INSERT INTO idempotency_key AS k (user_id, route, key, body_hash, status, headers, answer, created_at)
    SELECT e->>'user', e->>'route', e->>'key', decode(e->>'hash', 'hex'), (e->>'status')::int, e->'headers',
      e->>'answer', clock_timestamp()
    FROM jsonb_array_elements(${JSON.stringify(rows)}::jsonb) AS e
    ON CONFLICT (user_id, route, key) DO UPDATE SET body_hash = EXCLUDED.body_hash, status = EXCLUDED.status,
      headers = EXCLUDED.headers, answer = EXCLUDED.answer, created_at = EXCLUDED.created_at
    WHERE k.created_at <= clock_timestamp() - ${KEPT_HOURS}::int * interval '1 hour'`);
  if (written !== rows.length) throw keyReused();
}

/** True when two calls had the same bytes. */
export const isSameBody = (a: { bodyHash: Uint8Array }, b: { bodyHash: Uint8Array }) =>
  Buffer.compare(a.bodyHash, b.bodyHash) === 0;

/** The refusal of a call whose key was used with another body. */
export const keyReused = () =>
  new AppError("idempotency_key_reused", {
    detail: say("detail.keyOfOther"),
  });

/** The refusal of a call whose first is still running. */
export const inProgress = () =>
  new AppError("idempotency_in_progress", {
    detail: say("detail.keyRunning"),
    retryAfterSeconds: 1,
  });
