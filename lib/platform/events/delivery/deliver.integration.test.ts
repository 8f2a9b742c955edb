import { beforeEach, describe, expect, it, vi } from "vitest";
import { AppError } from "@/lib/shared/errors";
import { newId } from "@/lib/shared/ids";
import { testDatabase } from "@/tests/support/database";
import { startAttempts } from "./attempts";
import { consumer, dead, done, retry, skip, type AnyConsumer, type EventOf, type Outcome } from "./consumer";
import { openDeadLetters } from "./dead-letters";
import { deliver } from "./deliver";
import { listDeadLetters, replayDeadLetters } from "./replay";

const { prisma: client, pool } = await testDatabase();

function enrolled(): EventOf<"student_enrolled"> {
  return {
    specversion: "1.0",
    id: newId(),
    source: "/campusos/schools/s",
    type: "student_enrolled",
    subject: "section",
    time: "2026-11-22T09:00:00.000Z",
    datacontenttype: "application/json",
    data: {
      enrollmentId: "e",
      studentId: "s",
      sectionId: "section",
      sectionCode: "C",
      sectionTitle: "T",
      schoolId: "s",
      status: "ENROLLED",
    },
  };
}

/** A consumer that writes one row and then ends as told. */
function ending(outcome: () => Outcome, name = "test", policy: Partial<AnyConsumer["policy"]> = {}): AnyConsumer {
  return consumer({
    name,
    types: ["student_enrolled"],
    policy,
    async handle(tx, event) {
      await tx.$executeRaw`INSERT INTO done_by_test VALUES (${event.id})`;
      return outcome();
    },
  });
}

const effects = async () => (await pool.query("SELECT FROM done_by_test")).rowCount;
const inbox = async () =>
  (await pool.query<{ outcome: string }>("SELECT outcome FROM consumer_inbox")).rows.map(({ outcome }) => outcome);

describe("delivering an event", () => {
  beforeEach(() =>
    pool.query(`CREATE TABLE IF NOT EXISTS done_by_test (id text);
      TRUNCATE done_by_test, consumer_inbox, consumer_attempt, dead_letter`),
  );

  it("has its effects once, also when it is delivered ten times at once", async () => {
    const event = enrolled();
    const kinds = await Promise.all(
      Array.from(
        { length: 10 },
        async () =>
          (
            await deliver(
              ending(() => done),
              event,
              { client },
            )
          ).kind,
      ),
    );
    expect(kinds.filter((kind) => kind === "done")).toHaveLength(1);
    expect(kinds.filter((kind) => kind === "duplicate")).toHaveLength(9);
    expect(await effects()).toBe(1);
    expect((await pool.query("SELECT FROM consumer_attempt")).rowCount).toBe(0);
  });

  it("remembers what was skipped", async () => {
    const event = enrolled();
    expect(
      await deliver(
        ending(() => skip("nobody")),
        event,
        { client },
      ),
    ).toEqual({ kind: "skip", reason: "nobody" });
    expect(
      (
        await deliver(
          ending(() => done),
          event,
          { client },
        )
      ).kind,
    ).toBe("duplicate");
    expect(await inbox()).toEqual(["skip"]);
  });

  it("takes back the effects of an attempt that is to be repeated, and backs off longer each time", async () => {
    const event = enrolled();
    const failing = ending(() => retry("later"), "test", { backoffMs: 100, maxBackoffMs: 350 });
    const pauses: number[] = [];
    for (let attempt = 1; attempt <= 4; attempt += 1) {
      const delivery = await deliver(failing, event, { client });
      if (delivery.kind === "retry") pauses.push(delivery.afterMs);
    }
    expect(await effects()).toBe(0);
    for (const [index, ceiling] of [100, 200, 350, 350].entries()) {
      expect(pauses[index]).toBeGreaterThanOrEqual(ceiling / 2);
      expect(pauses[index]).toBeLessThanOrEqual(ceiling);
    }
    const { rows } = await pool.query("SELECT attempts, last_error, owner FROM consumer_attempt");
    expect(rows).toEqual([{ attempts: 4, last_error: "later", owner: null }]);
    expect(
      (
        await deliver(
          ending(() => done),
          event,
          { client },
        )
      ).kind,
    ).toBe("done");
  });

  it("sets an event aside when its first failure is too long ago", async () => {
    const event = enrolled();
    const failing = ending(() => retry("still not"));
    await deliver(failing, event, { client });
    await pool.query("UPDATE consumer_attempt SET first_at = now() - interval '16 minutes'");
    expect((await deliver(failing, event, { client })).kind).toBe("dead");
    expect(await listDeadLetters(client)).toMatchObject([
      { attempts: 2, reason: "gave up after 900000 ms: still not", origin: "log", type: "student_enrolled" },
    ]);
    expect(await inbox()).toEqual(["dead"]);
  });

  it("counts what a handler throws as retry, and what cannot change as dead", async () => {
    const throwing = (error: Error) =>
      ending(() => {
        throw error;
      });
    expect(await deliver(throwing(new TypeError("secret of a family")), enrolled(), { client })).toMatchObject({
      kind: "retry",
      reason: "TypeError",
    });
    expect(await deliver(throwing(new AppError("unavailable")), enrolled(), { client })).toMatchObject({
      kind: "retry",
    });
    expect(await deliver(throwing(new AppError("not_found")), enrolled(), { client })).toEqual({
      kind: "dead",
      reason: "not_found",
    });
  });

  it("records no dead letter while its topic cannot be written", async () => {
    const event = enrolled();
    const away = vi.fn(() => Promise.reject(new Error("away")));
    const hopeless = ending(() => dead("hopeless"));
    await expect(deliver(hopeless, event, { client, onDead: away })).rejects.toThrow("away");
    expect(await listDeadLetters(client)).toEqual([]);
    expect(await inbox()).toEqual([]);
    expect((await deliver(hopeless, event, { client, onDead: () => Promise.resolve() })).kind).toBe("dead");
  });

  it("has the effect of a replayed dead letter once, and keeps one that still fails", async () => {
    let outcome: Outcome = dead("no such student");
    const mended = ending(() => outcome);
    await deliver(mended, enrolled(), { client });
    const replay = async () => replayDeadLetters(client, [mended], await listDeadLetters(client));
    expect(await replay()).toMatchObject([{ result: "dead: no such student" }]);
    expect([await openDeadLetters("s", client), await openDeadLetters("another", client)]).toEqual([1, 0]);
    outcome = done;
    const [letter] = await listDeadLetters(client);
    const twice = await Promise.all([replay(), replay()]);
    expect(twice.flat().filter(({ result }) => result === "done")).toHaveLength(1);
    expect(await effects()).toBe(1);
    expect(await listDeadLetters(client)).toEqual([]);
    expect(await openDeadLetters("s", client)).toBe(0);
    const [replayed] = await listDeadLetters(client, { includeReplayed: true });
    expect(replayed).toMatchObject({ id: letter?.id, reason: "no such student" });
    expect(replayed?.replayedAt).toBeInstanceOf(Date);
    expect(await inbox()).toEqual(["done"]);
  });

  it("blames a dead process only for what it had begun, and a living one for nothing", async () => {
    const { id } = enrolled();
    const start = async (owner: number, mode: "batch" | "single") =>
      (await startAttempts(client, "test", owner, [id], mode)).get(id);
    const living = await pool.connect();
    await living.query("SELECT pg_advisory_lock(7200, 11)");
    expect(await start(11, "batch")).toMatchObject({ attempt: 1, crashes: 0 });
    expect(await start(12, "batch")).toMatchObject({ attempt: 2, crashes: 0 });
    expect(await start(13, "batch")).toMatchObject({ crashes: 1 }); // nobody holds 12
    expect(await start(14, "batch")).toMatchObject({ crashes: 1 }); // 13 had not begun it: it is a suspect now
    expect(await start(14, "single")).toMatchObject({ crashes: 1 });
    expect(await start(15, "batch")).toMatchObject({ crashes: 2 });
    await living.query("SELECT pg_advisory_unlock_all()");
    living.release();
  });
});
