import { audit } from "@/lib/platform/db/audit";
import { transaction, type Db } from "@/lib/platform/db/client";
import { counters } from "@/lib/platform/limits/counters";
import { errorForLog, log } from "@/lib/platform/runtime/log";
import type { Context } from "@/lib/shared/context";
import type { By } from "./tries";

/** What the audit is told once for so long, of one account, browser or address. */
const ONCE_MS = 15 * 60_000;
/** And of all of them together: whoever tries every account of a school must not fill the table. */
const MOST_TOGETHER = 300;

export type Told = {
  what: "failed" | "refused";
  by: By | "sso";
  /** Under what it is counted. */
  key: string;
  /** Whose account it was, when it is somebody's. */
  user: { id: string; schoolId: string } | null;
};

/**
 * Tells the audit of a sign-in that failed or was refused, the first of a quarter of an hour: whose account (when it is one),
 * which address it came from, never what was typed. Nobody waits for it: the time of an answer would say whose account there is.
 */
export function auditOnce(ctx: Omit<Context, "actor">, told: Told, client: Db): void {
  writeOnce(ctx, told, client).catch((error: unknown) =>
    log().warn({ requestId: ctx.requestId, err: errorForLog(error) }, "the audit was not told of a failed sign-in"),
  );
}

async function writeOnce(ctx: Omit<Context, "actor">, { what, by, key, user }: Told, client: Db): Promise<void> {
  const once = { ms: ONCE_MS, from: "first" } as const;
  if ((await counters().add(`told:${what}:${key}`, once)).count > 1) return;
  if ((await counters().add("told", once)).count > MOST_TOGETHER) return;
  const schoolId = user?.schoolId ?? (await onlySchoolId(client));
  if (schoolId === null) return;
  const object = user ? { objectType: "user", objectId: user.id } : { objectType: "school", objectId: schoolId };
  await transaction(
    (tx) =>
      audit(tx, { ...ctx, actor: { userId: null, schoolId } }, [
        { action: `identity.sign_in_${what}`, ...object, details: { by } },
      ]),
    client,
  );
}

/** Where nobody has the account that was typed: the school, when this installation has exactly one. */
async function onlySchoolId(client: Db): Promise<string | null> {
  const [school, ...others] = await client.school.findMany({ take: 2, select: { id: true } });
  return school && others.length === 0 ? school.id : null;
}
