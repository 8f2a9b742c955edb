import { once } from "node:events";
import net from "node:net";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { testDatabase } from "@/tests/support/database";
import { at, buildSchool } from "@/tests/support/school";
import { withServer } from "@/tests/support/template-database";
import { createDb, isDatabaseDown, isStatementCancelled, transaction, type Db } from "./client";

const opened: Db[] = [];
const ways: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((client) => client.$disconnect()));
  await Promise.all(ways.splice(0).map((way) => way.close()));
});

describe("a database whose own time zone is not UTC", () => {
  beforeAll(async () => {
    const { name, pool } = await testDatabase();
    await pool.query(`ALTER DATABASE ${name} SET timezone TO 'Europe/Prague'`);
  });

  it("gives back the instants that were written, by objects, by parameters and by SQL", async () => {
    const { url, pool } = await testDatabase();
    const client = open(url);
    const now = new Date("2026-07-01T08:00:00.000Z");
    const { students } = await buildSchool(client, { students: 1, now });
    const { id: userId, schoolId } = at(students, 0);
    await client.$executeRaw`
      INSERT INTO auth_session (id, user_id, school_id, created_at, expires_at)
      VALUES ('s', ${userId}, ${schoolId}, ${now}, ${now})`;
    const session = await client.authSession.findUniqueOrThrow({ where: { id: "s" } });
    expect(session.createdAt).toEqual(now);
    const [row] = await client.$queryRaw<Record<"written" | "compared" | "parsed", Date | boolean>[]>`
      SELECT created_at AS written, created_at = '2026-07-01T08:00:00Z'::timestamptz AS compared,
             '2026-07-01T08:00:00Z'::timestamptz AS parsed
      FROM auth_session WHERE created_at = ${now}`;
    expect(row).toEqual({ written: now, compared: true, parsed: now });
    // Others read the same instant.
    const { rows } = await pool.query<{ at: Date }>("SELECT created_at AS at FROM auth_session");
    expect(rows).toEqual([{ at: now }]);
  });

  it("also with options of the operator in the address, which stay", async () => {
    const url = new URL((await testDatabase()).url);
    url.searchParams.set("options", "-c application_name=ours");
    const [row] = await open(url.href).$queryRaw<unknown[]>`
      SELECT current_setting('TimeZone') AS zone, current_setting('application_name') AS name`;
    expect(row).toEqual({ zone: "UTC", name: "ours" });
  });
});

describe("a cluster of ours", () => {
  it("is in UTC wherever it was made", async () => {
    const rows = await withServer((await testDatabase()).url, async (client) => {
      return (await client.query("SELECT setting, source FROM pg_settings WHERE name = 'TimeZone'")).rows;
    });
    expect(rows).toEqual([{ setting: "UTC", source: "command line" }]);
  });
});

describe("isDatabaseDown", () => {
  const kinds: [string, (client: Db) => Promise<unknown>][] = [
    ["a raw statement", (client) => client.$queryRaw`SELECT 1`],
    ["a query", (client) => client.school.findFirst()],
    ["a transaction", (client) => transaction((tx) => tx.school.findFirst(), client)],
  ];

  it.each(kinds)("knows a server that is not there, by %s", async (_how, ask) => {
    const url = new URL((await testDatabase()).url);
    url.port = "1";
    expect(isDatabaseDown(await failureOf(ask(open(url.href))))).toBe(true);
  });

  it.each(kinds)("knows a server that hangs up, by %s", async (_how, ask) => {
    const server = net.createServer((socket) => socket.once("data", () => socket.destroy()));
    await once(server.listen(0, "127.0.0.1"), "listening");
    try {
      const url = new URL((await testDatabase()).url);
      url.port = String((server.address() as net.AddressInfo).port);
      expect(isDatabaseDown(await failureOf(ask(open(url.href))))).toBe(true);
    } finally {
      server.close();
    }
  });

  it("knows a connection that the server ended, in the statement, in the next one and in a transaction", async () => {
    const client = open((await testDatabase()).url);
    const end = (on: Pick<Db, "$queryRaw">) => failureOf(on.$queryRaw`SELECT pg_terminate_backend(pg_backend_pid())`);
    expect(isDatabaseDown(await end(client))).toBe(true);
    const failures: unknown[] = [];
    const whole = await failureOf(
      transaction(async (tx) => {
        failures.push(await end(tx));
        failures.push(await failureOf(tx.school.findFirst()));
      }, client),
    );
    expect([...failures, whole].map(isDatabaseDown)).toEqual([true, true, true]);
  });

  it("does not take a statement's own fault for it, nor one that took too long", async () => {
    const client = open((await testDatabase()).url);
    for (const failure of [
      await failureOf(client.$queryRaw`SELECT 1 / 0`),
      await failureOf(client.$queryRaw`SELECT nothing FROM nowhere`),
      await failureOf(client.school.findUniqueOrThrow({ where: { id: "nowhere" } })),
    ]) {
      expect(failure).toBeInstanceOf(Error);
      expect([isDatabaseDown(failure), isStatementCancelled(failure)]).toEqual([false, false]);
    }
    const late = await failureOf(
      transaction(async (tx) => {
        await tx.$executeRaw`SET LOCAL statement_timeout = 20`;
        await tx.$queryRaw`SELECT pg_sleep(60)::text`;
      }, client),
    );
    expect([isStatementCancelled(late), isDatabaseDown(late)]).toEqual([true, false]);
  });
});

describe("a server that does not answer", () => {
  const PATIENCE = { connectMs: 5_000, statementMs: 30_000, answerMs: 400, transactionMs: 5_000 };

  it("costs the connection, so that nobody goes on with a transaction that was given up", async () => {
    const way = await slowWay((await testDatabase()).url);
    ways.push(way);
    const client = createDb(way.url, 1, PATIENCE); // one connection: the next to ask would get the same
    opened.push(client);
    const audit = (on: Pick<Db, "$executeRaw">, id: string) =>
      on.$executeRaw`INSERT INTO consumer_inbox (consumer, event_id, outcome) VALUES ('frozen', ${id}, 'done')`;
    const given = await failureOf(
      transaction(async (tx) => {
        expect(await audit(tx, "given up")).toBe(1);
        way.freeze();
        await audit(tx, "never answered");
      }, client),
    );
    expect(isDatabaseDown(given)).toBe(true);
    way.thaw();
    await transaction((tx) => audit(tx, "afterwards"), client);
    const { pool } = await testDatabase();
    const { rows } = await pool.query("SELECT event_id FROM consumer_inbox WHERE consumer = 'frozen'");
    expect(rows).toEqual([{ event_id: "afterwards" }]);
  });
});

/** A way to the server on which everything can be held up, in both directions, and let go in its order. */
async function slowWay(url: string) {
  const real = new URL(url);
  const { hostname, port } = real;
  let held: (() => void)[] | null = null;
  const pass = (step: () => void) => void (held ? held.push(step) : step());
  const sockets = new Set<net.Socket>();
  const server = net.createServer((near) => {
    const far = net.connect(Number(port), hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on("data", (chunk) => pass(() => void to.write(chunk)));
      from.on("error", () => undefined).on("close", () => pass(() => void to.end()));
    }
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  real.port = String((server.address() as net.AddressInfo).port);
  return {
    url: real.href,
    freeze: () => void (held = []),
    thaw() {
      const steps = held ?? [];
      held = null;
      for (const step of steps) step();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

function open(url: string): Db {
  const client = createDb(url, 2);
  opened.push(client);
  return client;
}

function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => null,
    (error: unknown) => error,
  );
}
