import { audit } from "@/lib/platform/db/audit";
import { type Db, transaction, type Tx } from "@/lib/platform/db/client";
import { inBatches } from "@/lib/platform/db/in-batches";
import { tryLockEntity } from "@/lib/platform/db/locks";
import { ROLES, type Role } from "@/lib/shared/context";
import { newId } from "@/lib/shared/ids";
import { messagesOf } from "@/messages/locale";
import { placeholderEmailOf } from "../import/import-people";

const BATCH = 500;

/**
 * Forgets people who were deleted longer ago than their school keeps names (`former_people_days`): the name becomes "Former
 * student" or the like, sourcedId, guardian links, sessions, invitations and what other sign-ins know them by go, and a roster that sends the sourcedId again
 * makes a new person. What hangs on the id – marks, enrollments, audit – stays. Returns how many were forgotten. Safe to run
 * anywhere at any time: a school whose roster is being imported, which may bring them back, is left for the next time.
 */
export async function forgetEndedPeople(client: Db, now: Date, signal?: AbortSignal): Promise<number> {
  const schools = await client.$queryRaw<{ id: string }[]>`
    SELECT DISTINCT o.id FROM app_user u JOIN school o ON o.id = u.school_id
    WHERE u.ended_at IS NOT NULL AND u.forgotten_at IS NULL
      AND u.ended_at <= ${now}::timestamptz - make_interval(days => o.former_people_days)`;
  let total = 0;
  for (const { id } of schools)
    total += await inBatches(signal, () => transaction((tx) => forgetSome(tx, id, now), client));
  return total;
}

async function forgetSome(tx: Tx, schoolId: string, now: Date): Promise<number> {
  if (!(await tryLockEntity(tx, "school", schoolId))) return 0;
  const due = await tx.$queryRaw<{ id: string; roles: Role[]; locale: string }[]>`
    SELECT u.id, coalesce(u.roles, '{}')::text[] AS roles, o.locale FROM app_user u JOIN school o ON o.id = u.school_id
    WHERE u.school_id = ${schoolId} AND u.ended_at IS NOT NULL AND u.forgotten_at IS NULL
      AND u.ended_at <= ${now}::timestamptz - make_interval(days => o.former_people_days)
    ORDER BY u.ended_at, u.id LIMIT ${BATCH}`;
  if (due.length === 0) return 0;
  const ids = due.map(({ id }) => id);
  const rows = due.map(({ id, roles, locale }) => ({
    id,
    name: formerName(roles, locale),
    email: placeholderEmailOf(id),
  }));
  // The name is written and not only shown, so that no reader, however it gets at names, can show the old one. It is the
  // given name, because sentences call people by that.
  await tx.$executeRaw`
    UPDATE app_user u SET given_name = r.name, family_name = '', email = r.email, sourced_id = NULL,
      password_hash = NULL, password_shared = false, password_initial = false, forgotten_at = ${now}, updated_at = ${now}
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r(id text, name text, email text) WHERE u.id = r.id`;
  await tx.$executeRaw`DELETE FROM guardianship WHERE guardian_id = ANY(${ids}::text[]) OR student_id = ANY(${ids}::text[])`;
  await tx.$executeRaw`DELETE FROM user_role_source WHERE user_id = ANY(${ids}::text[])`;
  await tx.$executeRaw`DELETE FROM invitation WHERE user_id = ANY(${ids}::text[])`;
  await tx.$executeRaw`DELETE FROM sso_identity WHERE user_id = ANY(${ids}::text[])`;
  await tx.$executeRaw`DELETE FROM password_reset WHERE user_id = ANY(${ids}::text[])`;
  await tx.$executeRaw`DELETE FROM totp_factor WHERE user_id = ANY(${ids}::text[])`;
  await tx.$executeRaw`DELETE FROM recovery_code WHERE user_id = ANY(${ids}::text[])`;
  await tx.$executeRaw`DELETE FROM passkey WHERE user_id = ANY(${ids}::text[])`;
  await tx.$executeRaw`DELETE FROM second_step WHERE user_id = ANY(${ids}::text[])`;
  await tx.$executeRaw`
    DELETE FROM refresh_token WHERE session_id IN (SELECT id FROM auth_session WHERE user_id = ANY(${ids}::text[]))`;
  await tx.$executeRaw`DELETE FROM auth_session WHERE user_id = ANY(${ids}::text[])`;
  const actor = { userId: "retention", schoolId };
  await audit(
    tx,
    { actor, requestId: newId(now.getTime()), now, source: "worker" },
    ids.map((objectId) => ({ action: "identity.person_forgotten", objectType: "user", objectId })),
  );
  return due.length;
}

/** Read by the people of the school, in whatever language each: it is kept in the school's. */
function formerName(roles: readonly Role[], locale: string): string {
  return messagesOf(locale).people.former[ROLES.find((role) => roles.includes(role)) ?? "ADMIN"];
}
