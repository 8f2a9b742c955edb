import { peopleByIds, studentIdsOfGuardian } from "@/lib/identity/people/people";
import { db, Prisma, type Db } from "@/lib/platform/db/client";
import type { NotificationCategory } from "@/lib/platform/generated/prisma/enums";
import { vapidKeys } from "@/lib/platform/runtime/secrets";
import { requireRole } from "@/lib/shared/access";
import type { Context } from "@/lib/shared/context";
import { AppError } from "@/lib/shared/errors";
import { decodeTimeCursor, encodeCursor } from "@/lib/shared/schema";
import { categoryOf } from "./kinds/categories";
import { deviceName } from "@/lib/identity/devices/device-name";
import type { NotificationKind } from "./kinds/registry";
import { preferencesOf } from "./preferences/preference-store";
import type { DeviceDto, NotificationPageDto, PreferencesDto } from "./schema";
import { wordsOf } from "./kinds/wording";
import { say } from "@/lib/shared/say";

/** One notification as it is stored. */
export type StoredNotification = {
  id: string;
  userId: string;
  category: NotificationCategory;
  kind: NotificationKind;
  topic: string;
  revision: number;
  studentId: string | null;
  data: Record<string, string>;
  createdAt: Date;
  readAt: Date | null;
};

/** Columns of {@link StoredNotification}; the table is called `n`. */
export const STORED_COLUMNS = Prisma.sql`
  n.id, n.user_id AS "userId", n.category, n.kind, n.topic, n.revision, n.student_id AS "studentId", n.data,
  n.created_at AS "createdAt", n.read_at AS "readAt"`;

/** A person of a school; an actor is one. */
type Person = { userId: string; schoolId: string };

/**
 * What of a person's inbox may be shown: not what was kept out of it, and nothing about a student whose guardian the
 * person no longer is, or of another school. The table is called `n`.
 */
export function visibleTo({ userId, schoolId }: Person): Prisma.Sql {
  return Prisma.sql`
    n.user_id = ${userId} AND n.school_id = ${schoolId} AND n.in_app AND n.category IS NOT NULL
    AND (n.student_id IS NULL OR n.student_id = ${userId} OR n.student_id IN (${studentIdsOfGuardian(schoolId, userId)}))`;
}

/** The signed-in person's inbox in the language `locale`, newest first, with how much of it is unread. */
export async function listNotifications(
  ctx: Context,
  query: { locale: string; limit: number; cursor?: string | undefined; unread?: "true" | "false" | undefined },
  client: Db = db(),
): Promise<NotificationPageDto> {
  const visible = visibleTo(ctx.actor);
  const after = query.cursor === undefined ? null : cursorOf(query.cursor);
  const rows = await client.$queryRaw<StoredNotification[]>`
    SELECT ${STORED_COLUMNS} FROM notification n
    WHERE ${visible}
      AND ${query.unread === "true" ? Prisma.sql`n.read_at IS NULL` : Prisma.sql`TRUE`}
      AND ${after ? Prisma.sql`(n.created_at, n.id) < (${after.at}, ${after.id})` : Prisma.sql`TRUE`}
    ORDER BY n.created_at DESC, n.id DESC LIMIT ${query.limit + 1}`;
  const [count] = await client.$queryRaw<{ unread: number }[]>`
    SELECT count(*)::int AS unread FROM notification n WHERE ${visible} AND n.read_at IS NULL`;
  const shown = rows.slice(0, query.limit);
  const last = rows.length > query.limit ? shown.at(-1) : undefined;
  const people = await peopleByIds(client, ctx.actor.schoolId, studentIdsOf(shown));
  return {
    items: shown.map((row) => ({
      id: row.id,
      category: categoryOf(row.category),
      ...wordsOf(row, people, query.locale),
      link: `/n/${row.id}`,
      createdAt: row.createdAt.toISOString(),
      readAt: row.readAt?.toISOString() ?? null,
    })),
    nextCursor: last ? encodeCursor([last.createdAt.getTime(), last.id]) : null,
    unread: count?.unread ?? 0,
  };
}

/** How many things in the signed-in person's inbox are unread; an alert and its correction are one thing. For badges. */
export async function shellUnread(ctx: Context, client: Db = db()): Promise<number> {
  const visible = visibleTo(ctx.actor);
  const [row] = await client.$queryRaw<{ unread: number }[]>`
    SELECT count(DISTINCT n.topic)::int AS unread FROM notification n WHERE ${visible} AND n.read_at IS NULL`;
  return row?.unread ?? 0;
}

/** The signed-in person's own preferences. */
export async function getPreferences(ctx: Context, client: Db = db()): Promise<PreferencesDto> {
  return preferencesOf(client, ctx.actor.userId);
}

/** The signed-in person's browsers that get pushes, the one seen last first, named in the language `locale`. */
export async function listDevices(
  ctx: Context,
  { locale }: { locale: string },
  client: Db = db(),
): Promise<DeviceDto[]> {
  return devicesOf(client, ctx.actor, locale);
}

/** The same of a person of the actor's school, for the office; none of a person of another. Errors: `forbidden`. */
export async function personDevices(
  ctx: Context,
  { personId, locale }: { personId: string; locale: string },
  client: Db = db(),
): Promise<DeviceDto[]> {
  requireRole(ctx, "ADMIN");
  return devicesOf(client, { userId: personId, schoolId: ctx.actor.schoolId }, locale);
}

async function devicesOf(client: Db, { userId, schoolId }: Person, locale: string): Promise<DeviceDto[]> {
  const rows = await client.pushSubscription.findMany({
    where: { userId, schoolId },
    select: { id: true, userAgent: true, createdAt: true, lastAcceptedAt: true },
    orderBy: [{ lastSeenAt: "desc" }, { id: "desc" }],
  });
  return rows.map((row) => ({
    id: row.id,
    name: deviceName(row.userAgent, locale),
    createdAt: row.createdAt.toISOString(),
    lastAcceptedAt: row.lastAcceptedAt?.toISOString() ?? null,
  }));
}

/** The key that browsers subscribe with. */
export function pushPublicKey(): string {
  return vapidKeys().publicKey;
}

/** The ids of the students that notifications are about. */
export function studentIdsOf(rows: readonly StoredNotification[]): string[] {
  return [...new Set(rows.flatMap((row) => row.studentId ?? []))];
}

/** Reads a cursor of a list by time and id; throws `invalid_request` for one that is not ours. */
export function cursorOf(cursor: string): { at: Date; id: string } {
  const position = decodeTimeCursor(cursor);
  if (position) return position;
  throw new AppError("invalid_request", {
    detail: say("detail.ownCursor"),
    errors: [{ path: "query.cursor", code: "invalid_cursor", message: say("field.ownCursor") }],
  });
}
