import type { Tx } from "@/lib/platform/db/client";
import { ROLES, type Role } from "@/lib/shared/context";
import { newId } from "@/lib/shared/ids";
import { revokeSessionsOf } from "../sessions/revoke-sessions";
import { emptyTally, inChunks, type ImportTally } from "./import-tally";

/** A person as a roster describes them. */
export type ImportedPerson = {
  sourcedId: string;
  ended: boolean;
  /** Lower-cased; empty when the roster has none. */
  email: string;
  givenName: string;
  familyName: string;
  roles: readonly Role[];
  active: boolean;
};

/** What an import writes of a person. */
type Write = {
  id: string;
  sourcedId: string;
  email: string;
  givenName: string;
  familyName: string;
  roles: Role[];
  active: boolean;
};

/** A person who is stored already. */
export type StoredPerson = Write & {
  /** A roster deleted them; who is only disabled is still on class lists. */
  ended: boolean;
  hasPassword: boolean;
  /** Roles that were given in the product: they stay whatever a roster says. */
  ownRoles: Role[];
  /** The office ended the account: no roster opens it. */
  endedByOffice: boolean;
  /** The person gave the address and confirmed it: it stays whatever a roster says. */
  ownEmail: boolean;
  /** Was made in the product, and is found by the address: the roster's sourcedId becomes theirs. */
  isAdopted: boolean;
};

/** What an import will do to the people of a school; made by reads alone, so that all locks can still be taken. */
export type PeoplePlan = {
  /** Id of everybody in the plan by sourcedId, new ones too. */
  idOf: Map<string, string>;
  create: Write[];
  update: (Write & { emailMoves: boolean; rolesChange: boolean })[];
  /** Ids of people who are deleted now: their address is free again; password, sessions and invitations end. */
  end: string[];
  /** Ids of everybody with a row that deletes them, also of those who were deleted before. */
  gone: string[];
  /** New or still without a password, active and with an e-mail: they get the shared password or an invitation. */
  withoutPassword: string[];
  /** Addresses that somebody else has: in this school outside the roster's rows, or anywhere else. */
  emailTaken: { sourcedId: string; where: "thisSchool" | "otherSchool" }[];
  tally: ImportTally;
};

const NO_EMAIL_DOMAIN = "no-email.invalid";

/** True for the address that stands for "none": its owner is on class lists but cannot sign in. */
export function isPlaceholderEmail(email: string): boolean {
  return email.endsWith(`@${NO_EMAIL_DOMAIN}`);
}

/** The address that stands for "none" for a person. */
export function placeholderEmailOf(userId: string): string {
  return `${userId}@${NO_EMAIL_DOMAIN}`;
}

/**
 * The stored people of a school by sourcedId. Somebody who was made in the product, and whom no roster has named yet, is found by
 * the address that `emails` gives for a sourcedId.
 */
export async function storedPeople(
  tx: Tx,
  schoolId: string,
  sourcedIds: readonly string[],
  emails: readonly { sourcedId: string; email: string }[],
): Promise<Map<string, StoredPerson>> {
  const rows = await tx.$queryRaw<StoredPerson[]>`
    SELECT u.id, coalesce(u.sourced_id, named."sourcedId", '') AS "sourcedId", u.email, u.given_name AS "givenName",
      u.family_name AS "familyName", coalesce(u.roles, '{}')::text[] AS roles, u.active, u.ended_at IS NOT NULL AS ended,
      u.password_hash IS NOT NULL AS "hasPassword", u.own_roles::text[] AS "ownRoles", u.sourced_id IS NULL AS "isAdopted",
      u.ended_by_office AS "endedByOffice", u.own_email AS "ownEmail"
    FROM app_user u
    LEFT JOIN unnest(${emails.map(({ sourcedId }) => sourcedId)}::text[], ${emails.map(({ email }) => email)}::text[])
      AS named("sourcedId", email) ON u.sourced_id IS NULL AND named.email = u.email
    WHERE u.school_id = ${schoolId}
      AND (u.sourced_id = ANY(${[...sourcedIds]}::text[])
           OR (u.sourced_id IS NULL AND u.active AND named.email IS NOT NULL))`;
  const known = new Map<string, StoredPerson>();
  for (const row of rows) if (!row.isAdopted) known.set(row.sourcedId, row);
  for (const row of rows) if (row.isAdopted && !known.has(row.sourcedId)) known.set(row.sourcedId, row);
  return known;
}

/** Compares people with what is stored and decides what to write. */
export async function planPeople(
  tx: Tx,
  input: { schoolId: string; people: readonly ImportedPerson[]; stored: ReadonlyMap<string, StoredPerson>; now: Date },
): Promise<PeoplePlan> {
  const { stored, people, now } = input;
  const plan: PeoplePlan = {
    idOf: new Map([...stored.values()].map((person) => [person.sourcedId, person.id])),
    create: [],
    update: [],
    end: [],
    gone: [],
    withoutPassword: [],
    emailTaken: [],
    tally: emptyTally(),
  };
  for (const person of people) {
    const known = stored.get(person.sourcedId);
    if (person.ended) {
      const ends = known !== undefined && !known.ended;
      if (ends) plan.end.push(known.id);
      if (known) plan.gone.push(known.id);
      plan.tally[ends ? "ended" : "unchanged"] += 1;
      continue;
    }
    const id = known?.id ?? newId(now.getTime());
    const email = (known?.ownEmail ? known.email : person.email) || known?.email || placeholderEmailOf(id);
    const { sourcedId, givenName, familyName } = person;
    const active = person.active && known?.endedByOffice !== true;
    const roles = ROLES.filter((role) => person.roles.includes(role) || known?.ownRoles.includes(role) === true);
    const write = { id, sourcedId, email, givenName, familyName, roles, active };
    plan.idOf.set(sourcedId, id);
    if (!known) {
      plan.create.push(write);
      plan.tally.created += 1;
    } else if (differs(known, write)) {
      plan.update.push({ ...write, emailMoves: known.email !== email, rolesChange: rolesDiffer(known, write) });
      plan.tally.changed += 1;
    } else plan.tally.unchanged += 1;
    if (active && !known?.hasPassword && !isPlaceholderEmail(email)) plan.withoutPassword.push(id);
  }
  plan.emailTaken = await takenEmails(tx, input.schoolId, plan);
  return plan;
}

function differs(known: StoredPerson, write: Write): boolean {
  return (
    known.email !== write.email ||
    known.givenName !== write.givenName ||
    known.familyName !== write.familyName ||
    known.active !== write.active ||
    known.ended ||
    known.isAdopted ||
    rolesDiffer(known, write)
  );
}

function rolesDiffer(known: StoredPerson, write: Write): boolean {
  return ROLES.filter((role) => known.roles.includes(role)).join() !== write.roles.join();
}

async function takenEmails(tx: Tx, schoolId: string, plan: PeoplePlan): Promise<PeoplePlan["emailTaken"]> {
  const moving = plan.update.filter((write) => write.emailMoves);
  const wanted = new Map([...plan.create, ...moving].map((write) => [write.email, write]));
  if (wanted.size === 0) return [];
  const holders = await tx.$queryRaw<{ id: string; email: string; schoolId: string }[]>`
    SELECT id, email, school_id AS "schoolId" FROM app_user WHERE email = ANY(${[...wanted.keys()]}::text[])`;
  const givesUp = new Set([...moving.map((write) => write.id), ...plan.end]);
  return holders.flatMap((holder) => {
    const write = wanted.get(holder.email);
    if (!write || write.id === holder.id || givesUp.has(holder.id)) return [];
    return [
      {
        sourcedId: write.sourcedId,
        where: holder.schoolId === schoolId ? ("thisSchool" as const) : ("otherSchool" as const),
      },
    ];
  });
}

/**
 * Writes the plan. `sharedPasswordHash`: one argon2id hash for everybody who has no password; it is marked as shared and
 * replaced at the first sign-in. Who ends, is disabled or changes roles loses their sessions.
 */
export async function applyPeople(
  tx: Tx,
  input: { schoolId: string; plan: PeoplePlan; sharedPasswordHash: string | null; now: Date },
): Promise<void> {
  const { schoolId, plan, now } = input;
  // Addresses go from one person to another, and uniqueness is checked row by row: first everybody lets go.
  if (plan.end.length > 0) {
    // Before the account, as who accepts an invitation does: so neither waits for the other in a circle.
    await tx.$executeRaw`DELETE FROM invitation WHERE user_id = ANY(${plan.end}::text[])`;
    await tx.$executeRaw`
      UPDATE app_user SET active = false, ended_by_office = false, own_email = false, ended_at = ${now}, updated_at = ${now}, email = id || ${`@${NO_EMAIL_DOMAIN}`},
        password_hash = NULL, password_shared = false, password_initial = false
      WHERE id = ANY(${plan.end}::text[])`;
  }
  const moving = plan.update.filter((write) => write.emailMoves).map((write) => write.id);
  if (moving.length > 0) {
    await tx.$executeRaw`UPDATE app_user SET email = id || '@changing.invalid' WHERE id = ANY(${moving}::text[])`;
  }
  // A link that went to the address before must not open the account of who moved, or left; after the account, as resetting does.
  const linksEnd = [...plan.end, ...moving];
  if (linksEnd.length > 0) await tx.$executeRaw`DELETE FROM password_reset WHERE user_id = ANY(${linksEnd}::text[])`;
  for (const rows of inChunks(plan.create)) {
    await tx.$executeRaw`
      INSERT INTO app_user (id, school_id, sourced_id, email, given_name, family_name, roles, active, created_at, updated_at)
      SELECT r.id, ${schoolId}, r."sourcedId", r.email, r."givenName", r."familyName", r.roles::"Role"[], r.active, ${now}, ${now}
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        AS r(id text, "sourcedId" text, email text, "givenName" text, "familyName" text, roles text[], active boolean)`;
  }
  for (const rows of inChunks(plan.update)) {
    await tx.$executeRaw`
      UPDATE app_user u SET sourced_id = r."sourcedId", email = r.email, given_name = r."givenName", family_name = r."familyName",
        roles = r.roles::"Role"[], active = r.active, ended_at = NULL, updated_at = ${now}
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        AS r(id text, "sourcedId" text, email text, "givenName" text, "familyName" text, roles text[], active boolean)
      WHERE u.id = r.id`;
  }
  if (input.sharedPasswordHash !== null && plan.withoutPassword.length > 0) {
    await tx.$executeRaw`
      UPDATE app_user SET password_hash = ${input.sharedPasswordHash}, password_shared = true, password_initial = true
      WHERE id = ANY(${plan.withoutPassword}::text[]) AND password_hash IS NULL`;
  }
  const disabled = plan.update.filter((write) => !write.active).map((write) => write.id);
  await revokeSessionsOf(tx, [...plan.end, ...disabled], "account_ended");
  const reordained = plan.update.filter((write) => write.active && write.rolesChange).map((write) => write.id);
  await revokeSessionsOf(tx, reordained, "roles_changed");
}
