import type { ClassMarks } from "@/lib/catalog/class-sessions/class-marks";
import { type Db, Prisma, type Tx } from "@/lib/platform/db/client";

/** The rule of what makes a class held, on a column that holds a class session's id. */
const isFinal = (id: Prisma.Sql) =>
  Prisma.sql`EXISTS (SELECT 1 FROM attendance_sheet s WHERE s.class_session_id = ${id} AND s.finalized_at IS NOT NULL)`;
const isMarked = (id: Prisma.Sql) =>
  Prisma.sql`EXISTS (SELECT 1 FROM attendance_record r WHERE r.class_session_id = ${id} AND r.status IS NOT NULL)`;

/** Whether a class was held, as far as its sheet knows: finished, with marks, or neither. */
export async function wasHeld(client: Db | Tx, classSessionId: string): Promise<"FINALIZED" | "MARKED" | null> {
  const id = Prisma.sql`${classSessionId}`;
  const [row] = await client.$queryRaw<{ final: boolean; marked: boolean }[]>`
    SELECT ${isFinal(id)} AS final, ${isMarked(id)} AS marked`;
  if (row?.final) return "FINALIZED";
  return row?.marked ? "MARKED" : null;
}

/** What the calendar and the roster ask before they cancel or remove class sessions. */
export const classMarks: ClassMarks = {
  heldAmong: (client, ids) => those(client, ids, Prisma.sql`${isFinal(ID)} OR ${isMarked(ID)}`),
  savedAmong: (client, ids) =>
    those(
      client,
      ids,
      Prisma.sql`EXISTS (SELECT 1 FROM attendance_sheet s WHERE s.class_session_id = ${ID})
        OR EXISTS (SELECT 1 FROM attendance_record r WHERE r.class_session_id = ${ID})`,
    ),
};

const ID = Prisma.sql`asked.id`;

async function those(client: Db | Tx, ids: readonly string[], condition: Prisma.Sql): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const rows = await client.$queryRaw<{ id: string }[]>`
    SELECT asked.id FROM unnest(${[...ids]}::text[]) AS asked(id) WHERE ${condition}`;
  return new Set(rows.map(({ id }) => id));
}
