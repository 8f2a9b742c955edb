import { isDatabaseDown, type Db } from "@/lib/platform/db/client";
import { errorForLog, log } from "@/lib/platform/runtime/log";
import type { RoleContext } from "@/lib/platform/runtime/lifecycle";
import type { RetentionRule } from "./retention";

/**
 * One round: every rule once, by the clock of the database, so that a machine whose clock is wrong deletes nothing early.
 * A rule that fails is logged and does not stop the others; throws only when the database does not answer. Counts alone
 * are logged: whose rows they were may be what is to be forgotten.
 */
export async function runRetention(
  client: Db,
  rules: Readonly<Record<string, RetentionRule>>,
  { readers, signal, onProgress }: RoleContext & { readers: readonly string[] },
): Promise<void> {
  const now = await databaseTime(client);
  for (const [table, { remove }] of Object.entries(rules)) {
    if (!remove || signal.aborted) continue;
    try {
      const rows = await remove(client, { now, signal, readers });
      if (rows > 0) log().info({ table, rows }, "old rows deleted");
    } catch (error) {
      // What looks like a database that is away may be this rule's alone (a transaction that took too long): ask it.
      if (isDatabaseDown(error)) await databaseTime(client);
      log().error({ table, error: errorForLog(error) }, "a retention rule failed");
    }
    onProgress();
  }
}

async function databaseTime(client: Db): Promise<Date> {
  const [row] = await client.$queryRaw<{ now: Date }[]>`SELECT now()`;
  if (!row) throw new Error("no answer");
  return row.now;
}
