import { db, Prisma, type Db } from "@/lib/platform/db/client";
import { requireRole } from "@/lib/shared/access";
import type { Context, Role } from "@/lib/shared/context";
import { fold } from "@/lib/shared/fold";
import { unknownCursor } from "@/lib/shared/list-pages";
import { decodeCursor, encodeCursor } from "@/lib/shared/schema";
import type { FindPeopleInput, PersonState } from "./schema";

/** A line of the office's list of people. */
export type PersonRow = { id: string; name: string; email: string | null; roles: Role[]; state: PersonState };

export const PEOPLE_ON_PAGE = 50;

/**
 * The people of the actor's school by family name: those whose name or e-mail has every word of `q`, with a role, in a state.
 * Who has left is found by asking for them alone. At most {@link PEOPLE_ON_PAGE}; `total` counts all that were found, and
 * `cursor` goes on where `nextCursor` stands. Errors: `forbidden`, `invalid_request` for a cursor of another list.
 */
export async function findPeople(
  ctx: Context,
  { q, role, state, cursor }: FindPeopleInput,
  client: Db = db(),
): Promise<{ people: PersonRow[]; total: number; nextCursor: string | null }> {
  requireRole(ctx, "ADMIN");
  const after = cursor === undefined ? null : placeOf(cursor);
  const found = Prisma.join(
    [
      Prisma.sql`u.school_id = ${ctx.actor.schoolId}`,
      state === undefined ? Prisma.sql`u.ended_at IS NULL` : Prisma.sql`${STATE} = ${state}`,
      ...(role === undefined ? [] : [Prisma.sql`${role}::"Role" = ANY(u.roles)`]),
      ...wordsOf(q).map((word) => Prisma.sql`(strpos(u.search_text, ${word}) > 0 OR strpos(u.email, ${word}) > 0)`),
    ],
    " AND ",
  );
  const from = after
    ? Prisma.sql`(u.family_name, u.given_name, u.id) > (${after.familyName}, ${after.givenName}, ${after.id})`
    : Prisma.sql`TRUE`;
  const rows = await client.$queryRaw<
    {
      id: string;
      givenName: string;
      familyName: string;
      email: string | null;
      roles: Role[];
      state: PersonState;
      total: number;
    }[]
  >`
    WITH found AS MATERIALIZED (
      SELECT u.id, u.given_name, u.family_name, u.email, coalesce(u.roles, '{}')::text[] AS roles, ${STATE} AS state
      FROM app_user u WHERE ${found})
    SELECT u.id, u.given_name AS "givenName", u.family_name AS "familyName", ${REAL_EMAIL} AS email, u.roles, u.state,
      (SELECT count(*) FROM found)::int AS total
    FROM found u WHERE ${from}
    ORDER BY u.family_name, u.given_name, u.id LIMIT ${PEOPLE_ON_PAGE + 1}`;
  const page = rows.slice(0, PEOPLE_ON_PAGE);
  const last = rows.length > PEOPLE_ON_PAGE ? page.at(-1) : undefined;
  return {
    people: page.map(({ id, givenName, familyName, email, roles, state: is }) => ({
      id,
      // As a list sorted by family name is read.
      name: [familyName, givenName].filter((part) => part !== "").join(", "),
      email,
      roles,
      state: is,
    })),
    total: rows[0]?.total ?? 0,
    nextCursor: last ? encodeCursor([last.familyName, last.givenName, last.id]) : null,
  };
}

/** What is to be said of an account `u`, the weightiest first. */
export const STATE = Prisma.sql`
  CASE WHEN u.ended_at IS NOT NULL THEN 'left' WHEN NOT u.active THEN 'ended'
    WHEN u.email LIKE '%@no-email.invalid' THEN 'noEmail' WHEN u.password_hash IS NULL THEN 'waiting' ELSE 'open' END`;

/** The address of `u` that a mail could go to; null: none. */
export const REAL_EMAIL = Prisma.sql`nullif(u.email, u.id || '@no-email.invalid')`;

function placeOf(cursor: string): { familyName: string; givenName: string; id: string } {
  const [familyName, givenName, id] = decodeCursor(cursor, 3) ?? [];
  if (typeof familyName !== "string" || typeof givenName !== "string" || typeof id !== "string") throw unknownCursor();
  return { familyName, givenName, id };
}

function wordsOf(q: string | undefined): string[] {
  return fold(q ?? "")
    .split(" ")
    .filter((word) => word !== "")
    .slice(0, 8);
}
