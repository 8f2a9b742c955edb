import { describe, expect, it } from "vitest";
import { advisoryLocks } from "@/tests/support/advisory-locks";
import { testDatabase } from "@/tests/support/database";
import { eventually } from "@/tests/support/eventually";
import { type Db, transaction, type Tx } from "./client";
import { holdsLock, lockTogether, tryLockTogether, type Wanted } from "./locks";

const { prisma: client, pool } = await testDatabase();
const many = (prefix: string, count: number) => Array.from({ length: count }, (_, n) => `${prefix}${String(n)}`);
const locks = async (isGranted = true) => (await advisoryLocks(pool, { isGranted, classes: [7100, 7199] })).length;

/** A transaction that holds these locks until `free` is called. */
async function holding(db: Db, wanted: Wanted): Promise<{ free: () => Promise<void> }> {
  const held = Promise.withResolvers<Tx>();
  const end = Promise.withResolvers<undefined>();
  const done = transaction(async (tx) => {
    await lockTogether(tx, wanted);
    held.resolve(tx);
    await end.promise;
  }, db);
  done.catch(held.reject);
  await held.promise;
  return {
    free: async () => {
      end.resolve(undefined);
      await done;
    },
  };
}

describe("locks of entities", () => {
  it("of five thousand sections and twenty thousand students fit a default server, and shut out who wants one of them", async () => {
    const sections = many("section", 5_000);
    const large = await holding(client, [
      ["section", sections],
      ["student", many("student", 20_000)],
    ]);
    expect(await locks()).toBe(2);
    await transaction(async (tx) => {
      const taken = await tryLockTogether(tx, [
        ["section", ["section4999"]],
        ["student", ["student1"]],
      ]);
      expect([...(taken.get("section") ?? [])]).toEqual(["section4999"]);
      expect([...(taken.get("student") ?? [])]).toEqual(["student1"]);
      expect(holdsLock(tx, "section", "section4999")).toBe(false);
    }, client);
    let isIn = false;
    const waiting = transaction(async (tx) => {
      await lockTogether(tx, [["section", ["section4999"]]]);
      isIn = true;
    }, client);
    await eventually(async () => (await locks(false)) === 1);
    expect(isIn).toBe(false);
    await large.free();
    await waiting;
    expect(await locks()).toBe(0);
  });

  it("of very many wait for each one that is held, and few ones do not wait for each other", async () => {
    const one = await holding(client, [["student", ["a"]]]);
    const other = await holding(client, [["student", ["b"]]]);
    let isIn = false;
    const large = transaction(async (tx) => {
      await lockTogether(tx, [["student", many("x", 1_001)]]);
      isIn = true;
    }, client);
    await eventually(async () => (await locks(false)) === 1);
    await one.free();
    expect(isIn).toBe(false);
    await other.free();
    await large;
    expect(isIn).toBe(true);
  });
});
