import { db, Prisma, type Db, type Tx } from "@/lib/platform/db/client";
import { lockEntities } from "@/lib/platform/db/locks";
import { requireRole } from "@/lib/shared/access";
import type { Context, Role } from "@/lib/shared/context";
import { AppError } from "@/lib/shared/errors";
import { say } from "@/lib/shared/say";
import { sessionsOf, type SessionDto } from "../devices/my-sessions";
import { HAS_SECOND_FACTOR } from "../factors/prove-code";
import { personName } from "../people/people";
import { REAL_EMAIL, STATE } from "./find-people";
import type { PersonInput, PersonState } from "./schema";

/** A guardian or child of a person. */
export type Relative = { id: string; name: string; state: PersonState };

/** What the office sees of a person. */
export type PersonDto = {
  id: string;
  name: string;
  /** Null: none, so that nobody can sign in. */
  email: string | null;
  roles: Role[];
  /** Of these, the ones that a roster gave: it alone takes them. */
  rosterRoles: Role[];
  state: PersonState;
  hasPassword: boolean;
  /** Signing in asks for something besides the password. */
  hasSecondFactor: boolean;
  /** ISO 8601: until when the newest invitation works; null: none does. */
  invitedUntil: string | null;
  /** ISO 8601; null: never, or longer ago than sessions are kept. */
  lastSignInAt: string | null;
  guardians: Relative[];
  children: Relative[];
  sessions: SessionDto[];
  /** It is who asks. */
  isSelf: boolean;
};

type Row = {
  id: string;
  givenName: string;
  familyName: string;
  email: string | null;
  roles: Role[];
  ownRoles: Role[];
  isOfRoster: boolean;
  state: PersonState;
  hasPassword: boolean;
  hasSecondFactor: boolean;
  invitedUntil: Date | null;
  lastSignInAt: Date | null;
};

/** A person of the actor's school with their relatives and sessions. Errors: `forbidden`; `not_found` for who is of another school. */
export async function schoolPerson(
  ctx: Context,
  { personId, locale }: PersonInput & { locale: string },
  client: Db = db(),
): Promise<PersonDto> {
  requireRole(ctx, "ADMIN");
  const { schoolId, userId, sessionId } = ctx.actor;
  const [rows, relatives, sessions] = await Promise.all([
    client.$queryRaw<Row[]>`
      SELECT u.id, u.given_name AS "givenName", u.family_name AS "familyName", ${REAL_EMAIL} AS email,
        coalesce(u.roles, '{}')::text[] AS roles, u.own_roles::text[] AS "ownRoles", u.sourced_id IS NOT NULL AS "isOfRoster",
        ${STATE} AS state, u.password_hash IS NOT NULL AS "hasPassword",
        ${HAS_SECOND_FACTOR} AS "hasSecondFactor",
        (SELECT max(i.expires_at) FROM invitation i
         WHERE i.user_id = u.id AND i.used_at IS NULL AND i.expires_at > statement_timestamp()) AS "invitedUntil",
        (SELECT max(s.created_at) FROM auth_session s WHERE s.user_id = u.id) AS "lastSignInAt"
      FROM app_user u WHERE u.id = ${personId} AND u.school_id = ${schoolId}`,
    client.$queryRaw<{ id: string; givenName: string; familyName: string; state: PersonState; isGuardian: boolean }[]>`
      SELECT u.id, u.given_name AS "givenName", u.family_name AS "familyName", ${STATE} AS state,
        g.student_id = ${personId} AS "isGuardian"
      FROM guardianship g
      JOIN app_user u ON u.id = CASE WHEN g.student_id = ${personId} THEN g.guardian_id ELSE g.student_id END
      WHERE (g.student_id = ${personId} OR g.guardian_id = ${personId}) AND g.school_id = ${schoolId}
      ORDER BY u.family_name, u.given_name, u.id`,
    sessionsOf({ userId: personId, schoolId, sessionId, locale }, client),
  ]);
  const row = rows[0];
  if (!row) throw noPerson();
  const { givenName: _, familyName: __, ownRoles, isOfRoster, invitedUntil, lastSignInAt, ...person } = row;
  const shown = (isGuardian: boolean) =>
    relatives
      .filter((relative) => relative.isGuardian === isGuardian)
      .map(({ id, state, ...names }) => ({ id, name: personName(names), state }));
  return {
    ...person,
    name: personName(row),
    rosterRoles: rosterRolesOf({ roles: row.roles, ownRoles, isOfRoster }),
    invitedUntil: invitedUntil?.toISOString() ?? null,
    lastSignInAt: lastSignInAt?.toISOString() ?? null,
    guardians: shown(true),
    children: shown(false),
    sessions,
    isSelf: personId === userId,
  };
}

/** The roles that a roster gave: all but those that were given in the product; none of who stands in no roster. */
export function rosterRolesOf(person: { roles: Role[]; ownRoles: Role[]; isOfRoster: boolean }): Role[] {
  return person.isOfRoster ? person.roles.filter((role) => !person.ownRoles.includes(role)) : [];
}

/** What of a person decides what may be done with them. */
export type KnownPerson = {
  id: string;
  active: boolean;
  hasLeft: boolean;
  hasPassword: boolean;
  roles: Role[];
  ownRoles: Role[];
  isOfRoster: boolean;
};

/** The same inside a transaction, with the row locked. Throws `not_found` for who is of another school. */
export async function lockedPerson(tx: Tx, ctx: Context, { personId }: PersonInput): Promise<KnownPerson> {
  const [row] = await tx.$queryRaw<KnownPerson[]>(Prisma.sql`
    SELECT u.id, u.active, u.ended_at IS NOT NULL AS "hasLeft", u.password_hash IS NOT NULL AS "hasPassword",
      coalesce(u.roles, '{}')::text[] AS roles, u.own_roles::text[] AS "ownRoles", u.sourced_id IS NOT NULL AS "isOfRoster"
    FROM app_user u WHERE u.id = ${personId} AND u.school_id = ${ctx.actor.schoolId} FOR UPDATE`);
  if (!row) throw noPerson();
  return row;
}

/**
 * Begins a change of accounts: of the school's they come one after another, and with a roster's import. Throws `forbidden` for
 * who is no administrator any more, whatever their token still says: so of two who take each other's role one is left.
 */
export async function beginOfficeAct(tx: Tx, ctx: Context): Promise<void> {
  await lockEntities(tx, "school", [ctx.actor.schoolId]);
  const [row] = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM app_user WHERE id = ${ctx.actor.userId} AND active AND 'ADMIN' = ANY(roles)`;
  requireRole({ actor: { roles: row ? ["ADMIN"] : [] } }, "ADMIN");
}

const STATES = {
  ownAccount: say("detail.ownAccount"),
  accountHasEnded: say("detail.accountHasEnded"),
  accountIsOpen: say("detail.accountIsOpen"),
  personHasLeft: say("detail.personHasLeft"),
};

/** What an act answers that a person's state does not allow, for example ending an account that has ended. */
export function notThisPerson(why: keyof typeof STATES): AppError {
  return new AppError("account_state", { detail: STATES[why] });
}

const noPerson = () => new AppError("not_found", { detail: say("detail.noPerson") });
