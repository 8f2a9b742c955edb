import { beforeEach, describe, expect, it } from "vitest";
import { deleteOldDeadLetters } from "@/lib/platform/events/delivery/delete-dead-letters";
import { testDatabase } from "@/tests/support/database";
import { deleteOldAttempts, deleteOldInboxRows, deletePassedEvents } from "./retention";

const { prisma: client, pool } = await testDatabase();
const now = new Date();
const round = { now, signal: new AbortController().signal };
const column = async (sql: string) => (await pool.query<{ v: string }>(sql)).rows.map(({ v }) => v);
const sum = (counts: number[]) => counts.reduce((total, count) => total + count, 0);

describe("the retention of events", () => {
  beforeEach(() => pool.query("TRUNCATE outbox_event, outbox_cursor, consumer_inbox, consumer_attempt, dead_letter"));

  it("deletes more than one batch, also when two workers do it at once", async () => {
    await pool.query(`
      INSERT INTO outbox_event (event_id, type, key, school_id, envelope, created_at)
      SELECT n, 'student_enrolled', 'k', 's', '{}', now() - interval '8 days' FROM generate_series(1, 12000) AS n`);
    await pool.query(`INSERT INTO outbox_cursor SELECT 'r', xid, max(id) FROM outbox_event GROUP BY xid`);
    await pool.query(`
      INSERT INTO outbox_event (event_id, type, key, school_id, envelope, created_at)
      VALUES ('young', 'student_enrolled', 'k', 's', '{}', now() - interval '6 days')`);
    await pool.query(`
      INSERT INTO consumer_inbox SELECT 'c', n, 'done', now() - interval '29 days' FROM generate_series(1, 12000) AS n`);
    const readers = ["r"];
    const events = await Promise.all([1, 2].map(() => deletePassedEvents(client, { ...round, readers })));
    const inbox = await Promise.all([1, 2].map(() => deleteOldInboxRows(client, round)));
    expect([sum(events), sum(inbox)]).toEqual([12_000, 12_000]);
    expect(await column("SELECT event_id AS v FROM outbox_event")).toEqual(["young"]);
    expect(await column("SELECT event_id AS v FROM consumer_inbox")).toEqual([]);
  });

  it("leaves what somebody holds for the next round, and waits for nobody", async () => {
    await pool.query(`
      INSERT INTO consumer_inbox
      SELECT 'c', n, 'done', now() - interval '29 days' FROM unnest(ARRAY['free', 'held']) AS n`);
    const other = await pool.connect();
    await other.query("BEGIN");
    await other.query("SELECT 1 FROM consumer_inbox WHERE event_id = 'held' FOR UPDATE");
    expect(await deleteOldInboxRows(client, round)).toBe(1);
    await other.query("ROLLBACK");
    other.release();
    expect(await column("SELECT event_id AS v FROM consumer_inbox")).toEqual(["held"]);
    expect(await deleteOldInboxRows(client, round)).toBe(1);
  });

  it("keeps attempts that may go on", async () => {
    await pool.query(`
      INSERT INTO consumer_attempt (consumer, event_id, first_at)
      VALUES ('c', 'old', now() - interval '29 days'), ('c', 'young', now() - interval '27 days')`);
    expect(await deleteOldAttempts(client, round)).toBe(1);
    expect(await column("SELECT event_id AS v FROM consumer_attempt")).toEqual(["young"]);
  });

  it("keeps a dead letter for a year, and one that was replayed for 90 days from then", async () => {
    await pool.query(`
      INSERT INTO dead_letter (id, consumer, event_id, type, reason, attempts, origin, envelope, created_at, replayed_at)
      SELECT id, 'c', id, 't', 'r', 1, 'log', '{}', now() - made * interval '1 day', now() - replayed * interval '1 day'
      FROM (VALUES ('waits', 364, NULL), ('waited too long', 366, NULL), ('replayed lately', 400, 89),
                   ('replayed long ago', 100, 91), ('new', 1, 1)) AS l(id, made, replayed)`);
    expect(await deleteOldDeadLetters(client, round)).toBe(2);
    expect(await column("SELECT id AS v FROM dead_letter ORDER BY id")).toEqual(["new", "replayed lately", "waits"]);
  });

  it("deletes more dead letters than a batch has", async () => {
    await pool.query(`
      INSERT INTO dead_letter (id, consumer, event_id, type, reason, attempts, origin, envelope, created_at)
      SELECT n, 'c', n, 't', 'r', 1, 'log', '{}', now() - interval '2 years' FROM generate_series(1, 1100) AS n`);
    expect(sum(await Promise.all([1, 2].map(() => deleteOldDeadLetters(client, round))))).toBe(1_100);
    expect(await column("SELECT id AS v FROM dead_letter")).toEqual([]);
  });
});
