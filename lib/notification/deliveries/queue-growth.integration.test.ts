// What the dispatcher asks again and again costs the same however much has been sent before.
import { afterAll, beforeAll, expect, it } from "vitest";
import { createDb, db, type Db } from "@/lib/platform/db/client";
import { newId } from "@/lib/shared/ids";
import { at, buildSchool } from "@/tests/support/school";
import { closeExpired, reclaimDeliveries, renewClaims, suspectedHolders } from "./delivery-claims";
import { claimDeliveries, lookAtQueue, settleDeliveries } from "./due-deliveries";

const WAITING = 20;
let person: { id: string; schoolId: string };
/** One connection, so that its own statistics can be asked for. */
let client: Db;

beforeAll(async () => {
  const { guardians } = await buildSchool(db(), { students: 1, guardiansOf: [0] });
  person = at(guardians, 0);
  client = createDb(process.env["DATABASE_URL"] ?? "", 1);
});
afterAll(() => client.$disconnect());

/** As many notifications with a delivery each. */
async function deliveries(count: number, state: "ACCEPTED" | "PENDING"): Promise<void> {
  const prefix = newId();
  await db().$executeRaw`
    INSERT INTO notification (id, school_id, user_id, category, kind, event_id, topic, data)
    SELECT ${prefix} || n, ${person.schoolId}, ${person.id}, 'ENROLLMENT', 'student_enrolled', ${prefix} || n, ${prefix} || n, '{}'
    FROM generate_series(1, ${count}::int) AS n`;
  await db().$executeRaw`
    INSERT INTO notification_delivery (id, notification_id, channel, state, expires_at)
    SELECT ${prefix} || n, ${prefix} || n, 'webPush', ${state}::"DeliveryState", now() + interval '1 day'
    FROM generate_series(1, ${count}::int) AS n`;
  await db().$executeRaw`ANALYZE notification`;
  await db().$executeRaw`ANALYZE notification_delivery`;
}

/** Rows of the two tables that have been read by this connection so far, in a table or by an index. */
async function rowsRead(): Promise<number> {
  await client.$queryRaw`SELECT pg_stat_force_next_flush()::text`;
  const [row] = await client.$queryRaw<{ read: number | null }[]>`
    SELECT sum(seq_tup_read + idx_tup_fetch)::float8 AS read FROM pg_stat_user_tables
    WHERE relname IN ('notification', 'notification_delivery')`;
  return row?.read ?? 0;
}

/** One round of a dispatcher: look, claim, settle, sweep. Answers how many rows it read. */
async function round(): Promise<number> {
  const before = await rowsRead();
  const now = new Date();
  const worker = newId();
  expect(await lookAtQueue(client, { channel: "webPush", now })).toMatchObject({ isDue: true });
  const claimed = await claimDeliveries(client, {
    worker,
    channel: "webPush",
    now,
    limit: 10,
    perHost: 64,
    busyHosts: new Map(),
    busyLanes: [],
  });
  expect(claimed).toHaveLength(10);
  const ids = claimed.map(({ id }) => id);
  await renewClaims(client, { worker, holding: ids, leaseMs: 60_000 });
  await suspectedHolders(client, worker, 60_000);
  await reclaimDeliveries(client, { now, holders: ["nobody"], leaseMs: 60_000 });
  await closeExpired(client, now);
  const settlement = { state: "PENDING", notBefore: null, attempted: false } as const;
  await settleDeliveries(client, worker, [{ ids, settlement, now }]);
  return (await rowsRead()) - before;
}

it("a round of the dispatcher reads what waits, and nothing of the thousands that were sent", async () => {
  await deliveries(WAITING, "PENDING");
  await deliveries(25_000, "ACCEPTED");
  await round(); // statements that plan themselves anew see what is in the tables now
  const read = await round();
  expect(read).toBeGreaterThan(0);
  expect(read).toBeLessThanOrEqual(20 * WAITING);
});
