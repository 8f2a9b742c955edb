import type { z } from "zod";
import { sectionsByIds } from "@/lib/catalog/sections/sections";
import { type Db, db, Prisma } from "@/lib/platform/db/client";
import { requireRole } from "@/lib/shared/access";
import type { Context } from "@/lib/shared/context";
import { AppError } from "@/lib/shared/errors";
import { decodeTimeCursor, encodeCursor } from "@/lib/shared/schema";
import { currentEnrollments } from "@/lib/enrollment/registration/own-enrollments";
import type { EnrollmentItem, enrollmentListQuery } from "./schema";
import { sectionFor } from "./section-views";
import { say } from "@/lib/shared/say";

type Row = { id: string; sectionId: string; status: "ENROLLED" | "WAITLISTED"; enrolledAt: Date };

/** The acting student's live enrollments, newest first. */
export async function listEnrollments(
  ctx: Context,
  query: z.output<typeof enrollmentListQuery>,
  client: Db = db(),
): Promise<{ items: EnrollmentItem[]; nextCursor: string | null }> {
  requireRole(ctx, "STUDENT");
  const { userId, schoolId } = ctx.actor;
  const after = query.cursor === undefined ? null : positionOf(query.cursor);
  const later = after ? Prisma.sql`AND (enrolled_at, id) < (${after.at}, ${after.id})` : Prisma.empty;
  const found = await client.$queryRaw<Row[]>`
    SELECT id, section_id AS "sectionId", status::text AS status, date_trunc('milliseconds', enrolled_at) AS "enrolledAt"
    FROM (SELECT id, section_id, status, date_trunc('milliseconds', enrolled_at) AS enrolled_at FROM enrollment
      WHERE student_id = ${userId} AND school_id = ${schoolId} AND status IN ('ENROLLED', 'WAITLISTED')) AS live
    WHERE true ${later}
    ORDER BY enrolled_at DESC, id DESC LIMIT ${query.limit + 1}`;
  const rows = found.slice(0, query.limit);
  const ids = rows.map((row) => row.sectionId);
  const sections = await sectionsByIds(client, schoolId, ids);
  const [since = null] = [...sections.values()].map(({ termStartsOn }) => termStartsOn).sort();
  const own = await currentEnrollments(client, ctx.actor, { now: ctx.now, since });
  const items = rows.flatMap((row) => {
    const section = sections.get(row.sectionId);
    if (!section) return [];
    return [
      {
        id: row.id,
        sectionId: row.sectionId,
        section: sectionFor(ctx, section, own),
        status: row.status,
        position: null,
        enrolledAt: row.enrolledAt.toISOString(),
      },
    ];
  });
  const last = rows.at(-1);
  const nextCursor = found.length > rows.length && last ? encodeCursor([last.enrolledAt.getTime(), last.id]) : null;
  return { items, nextCursor };
}

function positionOf(cursor: string): { at: Date; id: string } {
  const position = decodeTimeCursor(cursor);
  if (!position) {
    throw new AppError("invalid_request", {
      detail: say("detail.nextCursor"),
      errors: [{ path: "query.cursor", code: "invalid_cursor", message: say("field.nextCursor") }],
    });
  }
  return position;
}
