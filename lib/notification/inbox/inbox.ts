import { peopleByIds, studentsOfGuardian } from "@/lib/identity/people/people";
import { schoolOfActor } from "@/lib/identity/people/school-of-actor";
import { db, Prisma, type Db } from "@/lib/platform/db/client";
import type { Context } from "@/lib/shared/context";
import { AppError } from "@/lib/shared/errors";
import { encodeCursor } from "@/lib/shared/schema";
import { localDateOf } from "@/lib/shared/time";
import { categoryOf } from "../kinds/categories";
import { cursorOf, STORED_COLUMNS, studentIdsOf, visibleTo, type StoredNotification } from "../queries";
import type { Category } from "../schema";
import { statusOf, type Status } from "../kinds/phrases";
import { wordsOf } from "../kinds/wording";
import { say } from "@/lib/shared/say";

/** One thing in the inbox: an alert with the corrections that replaced it. */
export type InboxThread = {
  /** Of its newest notification. */
  id: string;
  category: Category;
  title: string;
  body: string;
  /** Local date in the school's zone, for grouping. */
  date: string;
  at: string;
  unread: boolean;
  studentId: string | null;
  corrections: { from: Status; to: Status; at: string; date: string }[];
  /** When a push service took the newest push; null: none did. */
  pushedAt: string | null;
};

export type Inbox = {
  threads: InboxThread[];
  nextCursor: string | null;
  unread: number;
  today: string;
  timeZone: string;
  /** Students to filter by; empty when there is at most one. */
  students: { id: string; name: string }[];
};

/** The inbox as pages show it in the language `locale`: one entry a topic, newest first, with what holds now. */
export async function getInbox(
  ctx: Context,
  filter: { locale: string; unread: boolean; studentId: string | null; cursor: string | null; limit?: number },
  client: Db = db(),
): Promise<Inbox> {
  const { limit = 30 } = filter;
  const { userId, schoolId } = ctx.actor;
  const visible = visibleTo(ctx.actor);
  const after = filter.cursor === null ? null : cursorOf(filter.cursor);
  const [school, topics, [count], students] = await Promise.all([
    schoolOfActor(ctx, client),
    client.$queryRaw<{ topic: string; at: Date; id: string }[]>`
    SELECT n.topic, max(n.created_at) AS at, max(n.id) AS id FROM notification n
    WHERE ${visible} AND ${filter.studentId === null ? Prisma.sql`TRUE` : Prisma.sql`n.student_id = ${filter.studentId}`}
    GROUP BY n.topic
    HAVING ${filter.unread ? Prisma.sql`bool_or(n.read_at IS NULL)` : Prisma.sql`TRUE`}
       AND ${after ? Prisma.sql`(max(n.created_at), max(n.id)) < (${after.at}, ${after.id})` : Prisma.sql`TRUE`}
    ORDER BY at DESC, id DESC LIMIT ${limit + 1}`,
    client.$queryRaw<{ unread: number }[]>`
    SELECT count(DISTINCT n.topic)::int AS unread FROM notification n WHERE ${visible} AND n.read_at IS NULL`,
    studentsOfGuardian(client, schoolId, userId),
  ]);
  const shown = topics.slice(0, limit);
  const rows = await client.$queryRaw<(StoredNotification & { pushedAt: Date | null })[]>`
    SELECT ${STORED_COLUMNS},
      (SELECT max(d.accepted_at) FROM notification_delivery d WHERE d.notification_id = n.id) AS "pushedAt"
    FROM notification n WHERE ${visible} AND n.topic = ANY (${shown.map(({ topic }) => topic)}::text[])
    ORDER BY n.revision, n.created_at`;
  const people = await peopleByIds(client, schoolId, studentIdsOf(rows));
  const last = topics.length > limit ? shown.at(-1) : undefined;
  return {
    threads: shown.flatMap(({ topic }) =>
      threadOf(
        rows.filter((row) => row.topic === topic),
        people,
        { zone: school.timeZone, locale: filter.locale },
      ),
    ),
    nextCursor: last ? encodeCursor([last.at.getTime(), last.id]) : null,
    unread: count?.unread ?? 0,
    today: localDateOf(ctx.now, school.timeZone),
    timeZone: school.timeZone,
    students: students.length > 1 ? students : [],
  };
}

/** A notification of the signed-in person, for the page that a push opens. Another's answers like none: 404. */
export async function getOwnNotification(
  ctx: Context,
  input: { id: string },
  client: Db = db(),
): Promise<{ id: string; category: Category | null; studentId: string | null; own: boolean }> {
  const students = await studentsOfGuardian(client, ctx.actor.schoolId, ctx.actor.userId);
  const allowed = [ctx.actor.userId, ...students.map((student) => student.id)];
  const row = await client.notification.findFirst({
    where: { id: input.id, userId: ctx.actor.userId, schoolId: ctx.actor.schoolId },
    select: { id: true, category: true, studentId: true },
  });
  if (!row || (row.studentId !== null && !allowed.includes(row.studentId)))
    throw new AppError("not_found", { detail: say("detail.notificationGone") });
  return {
    id: row.id,
    category: categoryOf(row.category),
    studentId: row.studentId,
    own: row.studentId === ctx.actor.userId,
  };
}

function threadOf(
  rows: readonly (StoredNotification & { pushedAt: Date | null })[],
  people: Parameters<typeof wordsOf>[1],
  { zone, locale }: { zone: string; locale: string },
): InboxThread[] {
  const newest = rows.at(-1);
  if (!newest) return [];
  const alert = rows.find((row) => row.kind === "attendance_marked_absent");
  const newestIsAlert = newest.kind === "attendance_marked_absent";
  // What holds now is the headline: of an absence that was corrected, the correction. How it came to be stands below.
  const { title, body } = wordsOf(newest, people, locale);
  const corrections = rows
    .filter(
      (row) => row.kind === "attendance_corrected" && (alert !== undefined || row !== newest || rows.length === 1),
    )
    .map((row) => ({
      from: statusOf(row.data["from"]),
      to: statusOf(row.data["to"]),
      at: row.createdAt.toISOString(),
      date: localDateOf(row.createdAt, zone),
    }));
  return [
    {
      id: newest.id,
      category: categoryOf(newest.category),
      title,
      body,
      date: localDateOf(newest.createdAt, zone),
      at: newest.createdAt.toISOString(),
      unread: rows.some((row) => row.readAt === null),
      studentId: newest.studentId,
      corrections: newestIsAlert ? [] : corrections,
      pushedAt: newest.pushedAt?.toISOString() ?? null,
    },
  ];
}
