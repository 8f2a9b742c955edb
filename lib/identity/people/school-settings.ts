import { audit } from "@/lib/platform/db/audit";
import { db, type Db, transaction } from "@/lib/platform/db/client";
import { lockEntities } from "@/lib/platform/db/locks";
import { requireRole } from "@/lib/shared/access";
import type { Context, Role } from "@/lib/shared/context";
import { schoolOf } from "./people";
import type { AlertGraceInput, PasswordLengthInput, PasswordsAllowedInput } from "../schema";

/** What the office has set for its school. */
export type SchoolSettings = {
  /** Null: nothing is set, so the installation's default holds. */
  alertGraceSeconds: number | null;
  passwordMinLength: number;
  /** Whether others than administrators may sign in with a password. */
  passwordsAllowed: boolean;
  /** Whose people must have a second factor, and for how many days they can do without. */
  factorRoles: Role[];
  factorGraceDays: number;
};

/** The settings of the actor's school. Errors: `forbidden` unless an administrator asks. */
export async function schoolSettings(ctx: Context, client: Db = db()): Promise<SchoolSettings> {
  requireRole(ctx, "ADMIN");
  const { alertGraceSeconds, passwordMinLength, passwordsAllowed, factorRoles, factorGraceDays } = await schoolOf(
    client,
    ctx.actor.schoolId,
  );
  return { alertGraceSeconds, passwordMinLength, passwordsAllowed, factorRoles, factorGraceDays };
}

/**
 * Sets how long after finishing a class the guardians of the absent are notified, from the next class that is finished;
 * what waits already keeps its time. What is set already is no change and leaves no audit row. Errors: `forbidden`.
 */
export async function setAlertGrace(ctx: Context, input: AlertGraceInput, client: Db = db()): Promise<void> {
  requireRole(ctx, "ADMIN");
  await setOne(ctx, "alertGraceSeconds", input.alertGraceSeconds, client);
}

/**
 * Sets how long a new password of a student or guardian is at least; those that are set already stay, and staff need 15
 * whatever it is. What is set already is no change and leaves no audit row. Errors: `forbidden`.
 */
export async function setPasswordLength(ctx: Context, input: PasswordLengthInput, client: Db = db()): Promise<void> {
  requireRole(ctx, "ADMIN");
  await setOne(ctx, "passwordMinLength", input.passwordMinLength, client);
}

/**
 * Sets whether people may sign in with a password where they can sign in elsewhere; administrators always may. It ends no
 * session. What is set already is no change and leaves no audit row. Errors: `forbidden`.
 */
export async function setPasswordsAllowed(
  ctx: Context,
  input: PasswordsAllowedInput,
  client: Db = db(),
): Promise<void> {
  requireRole(ctx, "ADMIN");
  await setOne(ctx, "passwordsAllowed", input.passwordsAllowed, client);
}

type OneSetting = "alertGraceSeconds" | "passwordMinLength" | "passwordsAllowed";

const ACTION: Record<OneSetting, string> = {
  alertGraceSeconds: "school.alert_grace_set",
  passwordMinLength: "school.password_length_set",
  passwordsAllowed: "school.passwords_allowed_set",
};

async function setOne<K extends OneSetting>(
  ctx: Context,
  setting: K,
  to: SchoolSettings[K],
  client: Db,
): Promise<void> {
  const { schoolId } = ctx.actor;
  await transaction(async (tx) => {
    await lockEntities(tx, "school", [schoolId]);
    const from = (await schoolOf(tx, schoolId))[setting];
    if (from === to) return;
    await tx.school.update({ where: { id: schoolId }, data: { [setting]: to }, select: { id: true } });
    await audit(tx, ctx, [
      { action: ACTION[setting], objectType: "school", objectId: schoolId, details: { from, to } },
    ]);
  }, client);
}
