import { db, Prisma, type Db } from "@/lib/platform/db/client";
import { requireRole } from "@/lib/shared/access";
import type { Context } from "@/lib/shared/context";
import { unknownCursor } from "@/lib/shared/list-pages";
import { decodeTimeCursor, encodeCursor } from "@/lib/shared/schema";
import type { AuditLogInput, PersonInput } from "./schema";

/** Something that was done, by whom and to what; never what was typed. */
export type AuditLine = {
  id: string;
  /** ISO 8601. */
  at: string;
  /** For example `identity.signed_in`. */
  action: string;
  /** Null: nobody is known to have done it, a roster or a job for example. */
  by: { id: string; name: string } | null;
  /** The person it was done to, when it was one and not `by`. */
  to: { id: string; name: string } | null;
  /** IP address that it came from. */
  address: string | null;
};

export const LOG_LINES_ON_PAGE = 50;
const LINES_OF_PERSON = 15;

/**
 * What was done in the actor's school, newest first: all, or of one area (`identity`, `roster`, `school`, …). `cursor` goes on
 * where `nextCursor` stands. Errors: `forbidden`, `invalid_request` for a cursor of another list.
 */
export async function auditLog(
  ctx: Context,
  { area, cursor }: AuditLogInput,
  client: Db = db(),
): Promise<{ lines: AuditLine[]; nextCursor: string | null }> {
  requireRole(ctx, "ADMIN");
  const after = cursor === undefined ? null : decodeTimeCursor(cursor);
  if (cursor !== undefined && !after) throw unknownCursor();
  const which = Prisma.join(
    [
      Prisma.sql`a.school_id = ${ctx.actor.schoolId}`,
      ...(area === undefined ? [] : [Prisma.sql`starts_with(a.action, ${`${area}.`})`]),
      ...(after ? [Prisma.sql`(a.at, a.id) < (${after.at}, ${after.id})`] : []),
    ],
    " AND ",
  );
  const lines = await linesOf(client, which, LOG_LINES_ON_PAGE + 1);
  const shown = lines.slice(0, LOG_LINES_ON_PAGE);
  const last = lines.length > shown.length ? shown.at(-1) : undefined;
  return { lines: shown, nextCursor: last ? encodeCursor([Date.parse(last.at), last.id]) : null };
}

/**
 * The last things that were done to a person's account or with its sessions, newest first. Errors: `forbidden`; nothing is found
 * of a person of another school.
 */
export async function auditOfPerson(ctx: Context, { personId }: PersonInput, client: Db = db()): Promise<AuditLine[]> {
  requireRole(ctx, "ADMIN");
  const which = Prisma.sql`a.school_id = ${ctx.actor.schoolId} AND (
    (a.object_type = 'user' AND a.object_id = ${personId})
    OR (a.object_type = 'session' AND a.object_id IN (SELECT s.id FROM auth_session s WHERE s.user_id = ${personId})))`;
  return linesOf(client, which, LINES_OF_PERSON);
}

// Entries are dated in whole milliseconds (`insertAudit`), so that a cursor names its place exactly.
async function linesOf(client: Db, which: Prisma.Sql, most: number): Promise<AuditLine[]> {
  const rows = await client.$queryRaw<
    {
      id: string;
      at: Date;
      action: string;
      address: string | null;
      byId: string | null;
      byName: string | null;
      toId: string | null;
      toName: string | null;
    }[]
  >`
    SELECT a.id, a.at, a.action, a.address, a.by_id AS "byId",
      trim(b.given_name || ' ' || b.family_name) AS "byName", o.id AS "toId",
      trim(o.given_name || ' ' || o.family_name) AS "toName"
    FROM (SELECT a.id, a.at, a.action, a.address, a.actor_id AS by_id, a.school_id,
            CASE WHEN a.object_type = 'user' THEN a.object_id
                 WHEN a.object_type = 'session' THEN (SELECT s.user_id FROM auth_session s WHERE s.id = a.object_id) END AS to_id
          FROM audit_entry a WHERE ${which} ORDER BY a.at DESC, a.id DESC LIMIT ${most}) AS a
    LEFT JOIN app_user b ON b.id = a.by_id AND b.school_id = a.school_id
    LEFT JOIN app_user o ON o.id = a.to_id AND o.school_id = a.school_id AND o.id IS DISTINCT FROM a.by_id
    ORDER BY a.at DESC, a.id DESC`;
  return rows.map(({ byId, byName, toId, toName, at, ...row }) => ({
    ...row,
    at: at.toISOString(),
    by: byId !== null && byName !== null ? { id: byId, name: byName } : null,
    to: toId !== null && toName !== null ? { id: toId, name: toName } : null,
  }));
}
