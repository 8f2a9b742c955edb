import { db, Prisma, transaction, type Db } from "@/lib/platform/db/client";
import { inBatches, type Removal } from "@/lib/platform/db/in-batches";
import { lockEntities } from "@/lib/platform/db/locks";
import { AppError } from "@/lib/shared/errors";
import { newId } from "@/lib/shared/ids";
import { say } from "@/lib/shared/say";
import { hashSecretToken } from "../sessions/refresh-token";

/** What may be tried only so often. */
export type Attempt = {
  scope: "forgot" | "change" | "reset" | "factor";
  /** Whose: an email or an id, known or not. */
  account: string | null;
  /** IP address, behind which there may be a whole school. */
  address: string | null;
};

const WINDOW_SECONDS = 15 * 60;
/** Of an account, and of an address: a whole school forgets its passwords after the summer. */
const MOST: Record<Attempt["scope"], { account: number; address: number }> = {
  forgot: { account: 3, address: 300 },
  change: { account: 10, address: 1_000 },
  reset: { account: 10, address: 300 },
  // Six digits: whoever has the password and guesses all day has one chance in 700.
  factor: { account: 5, address: 1_000 },
};

/**
 * Counts a try, or throws `too_many_attempts` with the seconds until the next may be made. Kept in the database, so that
 * all processes count together, and as hashes: who tried with which address stands nowhere. Tries at the same moment
 * count one after another.
 */
export async function takeAttempt({ scope, account, address }: Attempt, client: Db = db()): Promise<void> {
  const keys = {
    account: account === null ? null : hashSecretToken(account),
    address: address === null ? null : hashSecretToken(address),
  };
  await transaction(async (tx) => {
    await lockEntities(tx, "user", [account ?? address ?? scope]);
    for (const key of ["account", "address"] as const) {
      const column = key === "account" ? Prisma.sql`account_hash` : Prisma.sql`address_hash`;
      const [last] = await tx.$queryRaw<{ waitSeconds: number }[]>`
        SELECT ceil(extract(epoch FROM created_at + ${WINDOW_SECONDS}::int * interval '1 second' - statement_timestamp()))::int
          AS "waitSeconds"
        FROM credential_attempt
        WHERE scope = ${scope} AND ${column} = ${keys[key]}
          AND created_at > statement_timestamp() - ${WINDOW_SECONDS}::int * interval '1 second'
        ORDER BY created_at DESC OFFSET ${MOST[scope][key] - 1}::int LIMIT 1`;
      if (last)
        throw new AppError("too_many_attempts", {
          detail: say("detail.manyAttempts", { minutes: Math.ceil(last.waitSeconds / 60) }),
          retryAfterSeconds: Math.max(1, last.waitSeconds),
        });
    }
    await tx.$executeRaw`
      INSERT INTO credential_attempt (id, scope, account_hash, address_hash, created_at)
      VALUES (${newId()}, ${scope}, ${keys.account}, ${keys.address}, statement_timestamp())`;
  }, client);
}

/** Forgets the tries of an account after one that succeeded. */
export async function forgetAttempts(
  { scope, account }: { scope: Attempt["scope"]; account: string },
  client: Db = db(),
): Promise<void> {
  await client.$executeRaw`DELETE FROM credential_attempt WHERE scope = ${scope} AND account_hash = ${hashSecretToken(account)}`;
}

const KEPT_HOURS = 24;
const BATCH = 2_000;

/** Deletes tries that are over a day old. Answers how many. */
export async function deleteOldAttempts(client: Db, { now, signal }: Removal): Promise<number> {
  const before = new Date(now.getTime() - KEPT_HOURS * 3_600_000);
  return inBatches(
    signal,
    () => client.$executeRaw`
      WITH old AS (
        SELECT id FROM credential_attempt WHERE created_at < ${before}
        ORDER BY created_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED
      )
      DELETE FROM credential_attempt a USING old WHERE a.id = old.id`,
  );
}
