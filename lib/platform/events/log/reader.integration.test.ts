import { beforeEach, describe, expect, it } from "vitest";
import { EVENT_TYPES } from "@/lib/shared/events";
import { testDatabase } from "@/tests/support/database";
import { eventually } from "@/tests/support/eventually";
import { loadCursor, moveCursor, readLog, rebaseRestoredLog } from "./reader";
import { outboxAge } from "./outbox-age";
import { deleteOldInboxRows, deletePassedEvents } from "./retention";

const { prisma: client, pool } = await testDatabase();
const never = new AbortController().signal;

const append = (id: string, values: { xid?: string; at?: string } = {}) =>
  pool.query(
    `INSERT INTO outbox_event (event_id, type, key, school_id, envelope, xid, created_at)
     VALUES ($1, 'student_enrolled', 'key', 's', '{}', coalesce($2::bigint, pg_current_xact_id()::text::bigint),
             coalesce($3::timestamptz, now()))`,
    [id, values.xid ?? null, values.at ?? null],
  );
/** Waits until nothing that is open now is open any more, in whatever database: test files run beside each other. */
const settled = async () => {
  const { rows } = await pool.query<{ xid: string }>("SELECT pg_current_xact_id()::text AS xid");
  await eventually(
    async () => {
      const now = await pool.query<{ past: boolean }>(
        "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::numeric > $1::numeric AS past",
        [rows[0]?.xid],
      );
      return now.rows[0]?.past === true;
    },
    { timeoutMs: 30_000, what: "older transactions of the server to end" },
  );
};
const readAll = async (reader: string) => {
  const cursor = await loadCursor(client, reader);
  const rows = await readLog(client, cursor, EVENT_TYPES, 100);
  const ids = await pool.query<{ event_id: string; id: string }>("SELECT event_id, id FROM outbox_event");
  const names = new Map(ids.rows.map((row) => [row.id, row.event_id]));
  return { cursor, names: rows.map(({ position }) => names.get(String(position.id))), last: rows.at(-1)?.position };
};

describe("the outbox log", () => {
  beforeEach(() => pool.query("TRUNCATE outbox_event, outbox_cursor, consumer_inbox RESTART IDENTITY"));

  it("shows nothing that is behind an open transaction, and loses nothing of it", async () => {
    const open = await pool.connect();
    await open.query("BEGIN");
    await open.query("SELECT pg_current_xact_id()");
    await append("later");
    expect((await readAll("reader")).names).toEqual([]);
    await open.query(
      "INSERT INTO outbox_event (event_id, type, key, school_id, envelope) VALUES ('earlier', 'student_enrolled', 'other', 's', '{}')",
    );
    await open.query("COMMIT");
    open.release();
    await settled();
    expect((await readAll("reader")).names).toEqual(["earlier", "later"]);
  });

  it("moves a cursor for one of two processes that stood at the same place", async () => {
    await append("a");
    await settled();
    const { cursor, last } = await readAll("reader");
    if (!last) throw new Error("nothing was read");
    const moved = await Promise.all([
      moveCursor(client, "reader", cursor, last),
      moveCursor(client, "reader", cursor, last),
    ]);
    expect(moved.sort()).toEqual([false, true]);
    expect((await readAll("reader")).names).toEqual([]);
  });

  it("goes on where it stood when the database was restored into a server that counts from the start again", async () => {
    const far = 2n ** 40n;
    await append("read", { xid: String(far) });
    await append("unread", { xid: String(far + 5n) });
    await pool.query("INSERT INTO outbox_cursor (reader, xid, event_id) VALUES ('reader', $1, 1)", [String(far)]);
    await append("new");
    await settled();
    expect((await readAll("reader")).names).toEqual([]);
    expect(await rebaseRestoredLog(client)).toBe(true);
    expect((await readAll("reader")).names).toEqual(["unread", "new"]);
    expect((await readAll("a new reader")).names).toEqual(["read", "unread", "new"]);
    expect(await rebaseRestoredLog(client)).toBe(false);
  });

  it("tells how far each reader is behind", async () => {
    await append("a", { at: new Date(Date.now() - 60_000).toISOString() });
    await settled();
    const { cursor, last } = await readAll("log:passed");
    if (last) await moveCursor(client, "log:passed", cursor, last);
    await append("b");
    const [passed, fresh] = await outboxAge(client, ["log:passed", "log:fresh"]);
    expect(passed).toMatchObject({ reader: "log:passed", events: 1 });
    expect(passed?.ageSeconds).toBeLessThan(30);
    expect(fresh).toMatchObject({ reader: "log:fresh", events: 2 });
    expect(fresh?.ageSeconds).toBeGreaterThan(59);
  });

  it("deletes old rows that every reader has passed, and no others", async () => {
    const old = new Date(Date.now() - 8 * 86_400_000).toISOString();
    await append("old and read", { at: old });
    await settled();
    const { cursor, last } = await readAll("first");
    if (last) await moveCursor(client, "first", cursor, last);
    if (last) await moveCursor(client, "second", (await readAll("second")).cursor, last);
    await append("old and unread", { at: old });
    await append("new");
    await pool.query(
      "INSERT INTO consumer_inbox VALUES ('c', 'a', 'done', now() - interval '29 days'), ('c', 'b', 'done', now())",
    );
    const now = new Date();
    expect(await deletePassedEvents(client, { readers: ["first", "third"], now, signal: never })).toBe(0);
    expect(await deletePassedEvents(client, { readers: ["first", "second"], now, signal: never })).toBe(1);
    expect(await deleteOldInboxRows(client, { now, signal: never })).toBe(1);
    expect(await deleteOldInboxRows(client, { now, signal: never })).toBe(0);
    const { rows } = await pool.query("SELECT event_id FROM outbox_event ORDER BY id");
    expect(rows).toEqual([{ event_id: "old and unread" }, { event_id: "new" }]);
  });
});
