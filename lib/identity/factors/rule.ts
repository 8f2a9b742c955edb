import { db, Prisma, type Db, type Tx } from "@/lib/platform/db/client";
import type { Actor, Context } from "@/lib/shared/context";
import { AppError } from "@/lib/shared/errors";
import { say } from "@/lib/shared/say";
import { HAS_SECOND_FACTOR, hasSecondFactor } from "./prove-code";

/** Counts the grace of a person from this sign-in, when it is their first under the school's rule. Before the row is read. */
export async function beginFactorGrace(tx: Tx, userId: string): Promise<void> {
  await tx.$executeRaw`
    UPDATE app_user u SET factor_asked_at = statement_timestamp()
    FROM school s
    WHERE u.id = ${userId} AND s.id = u.school_id AND u.factor_asked_at IS NULL AND u.roles && s.factor_roles`;
}

/**
 * Until when a person can do without a second factor, in seconds since 1970; null: they have one, or need none. An access token
 * carries it, so that nobody else's request asks the database.
 */
export const factorDueSql = (userId: string) => Prisma.sql`(
  SELECT floor(extract(epoch FROM u.factor_asked_at + s.factor_grace_days * interval '1 day'))::int
  FROM app_user u JOIN school s ON s.id = u.school_id
  WHERE u.id = ${userId} AND u.roles && s.factor_roles AND NOT ${HAS_SECOND_FACTOR})`;

/** Whole days, rounded up, that the actor can still do without a second factor; null: they have one, or need none. */
export async function factorDaysLeft(
  ctx: Pick<Context, "actor">,
  now: Date,
  client: Db = db(),
): Promise<number | null> {
  const { factorDueAt, userId } = ctx.actor;
  // The token may be from before they set one up.
  if (factorDueAt === undefined || (await hasSecondFactor(client, userId))) return null;
  return Math.max(0, Math.ceil((factorDueAt - now.getTime() / 1000) / 86_400));
}

/** Throws `second_factor_setup_required` for who must have a second factor, has none, and whose grace is over. */
export async function refuseOverdue(actor: Actor, now: Date, client?: Db): Promise<void> {
  if (actor.factorDueAt === undefined || actor.factorDueAt * 1000 > now.getTime()) return;
  if (!(await hasSecondFactor(client ?? db(), actor.userId)))
    throw new AppError("second_factor_setup_required", { detail: say("detail.setUpFactor") });
}
