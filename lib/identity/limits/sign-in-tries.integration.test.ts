import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { db } from "@/lib/platform/db/client";
import { counters } from "@/lib/platform/limits/counters";
import { memoryCounters } from "@/lib/platform/limits/memory-counters";
import type { Context } from "@/lib/shared/context";
import { AppError } from "@/lib/shared/errors";
import { newId } from "@/lib/shared/ids";
import { eventually } from "@/tests/support/eventually";
import { at, buildSchool, type TestSchool } from "@/tests/support/school";
import { withSingleton } from "@/tests/support/singletons";
import { ageTries, forgetAllTries } from "@/tests/support/tries";
import { hashPassword } from "../credentials/passwords";
import { createPasswordReset, resetPassword } from "../resets/password-resets";
import { signIn } from "../sessions/sign-in";
import { withKnownPerson } from "./known-device";
import { LIMITS } from "./table";
import { keyOf, windowOf } from "./tries";

const password = "four calm words here";
const PEOPLE = 310;
let school: TestSchool;

beforeAll(async () => {
  school = await buildSchool(db(), { students: PEOPLE });
  await db().user.updateMany({
    where: { schoolId: school.school.id },
    data: { passwordHash: await hashPassword(password) },
  });
});

type Pass = (seconds: number) => Promise<void>;
const stores: [string, (work: (pass: Pass) => Promise<void>) => Promise<void>][] = [
  ["in Redis", (work) => work(ageTries)],
  [
    "in the process",
    (work) => {
      let laterMs = 0;
      const store = memoryCounters(undefined, () => Date.now() + laterMs);
      return withSingleton("counters", store, () => work(async (seconds) => void (laterMs += seconds * 1000)));
    },
  ],
];

describe.each(stores)("tries to sign in, counted %s", (_where, within) => {
  beforeEach(() => forgetAllTries());

  it("five wrong passwords are free, then each waits longer, at most a quarter of an hour, and never for good", () =>
    within(async (pass) => {
      for (let n = 0; n < 5; n++) expect(await tryOf(0, "wrong")).toBe("invalid_credentials");
      let waited = 30;
      for (const next of [60, 120, 240, 480, 900, 900]) {
        expect(await waitOf(0)).toBeGreaterThan(waited - 5);
        await pass(waited - 4);
        expect(await tryOf(0, password)).toBe("too_many_attempts");
        await pass(4);
        expect(await tryOf(0, "wrong")).toBe("invalid_credentials");
        waited = next;
      }
      expect(await waitOf(0)).toBeLessThanOrEqual(900);
      await pass(900);
      expect(await tryOf(0, password)).toBe("signed in");
      expect(await tryOf(0, "wrong")).toBe("invalid_credentials");
      expect(await tryOf(0, password)).toBe("signed in");
    }));

  it("does the same for an account that there is not", () =>
    within(async () => {
      const guess = () => outcomeOf(enter("nobody@test.campusos.example", "wrong", {}));
      for (let n = 0; n < 5; n++) expect(await guess()).toBe("invalid_credentials");
      expect(await guess()).toBe("too_many_attempts");
    }));

  it("of guesses at the same moment few more are hashed than are free", () =>
    within(async () => {
      const all = await Promise.all(Array.from({ length: 60 }, () => tryOf(1, "wrong")));
      expect(all.filter((outcome) => outcome === "invalid_credentials").length).toBeLessThanOrEqual(5 + 3);
      expect(all.filter((outcome) => outcome === "too_many_attempts").length).toBeGreaterThanOrEqual(52);
    }));

  it("a new password by mail ends the waiting", () =>
    within(async () => {
      for (let n = 0; n < 6; n++) await tryOf(2, "wrong");
      expect(await tryOf(2, password)).toBe("too_many_attempts");
      const { email } = person(2);
      const link = await createPasswordReset({ email, requestId: newId(), address: null }, new Date());
      await resetPassword(call({}), { token: link?.token ?? "", password: "the fog lifts at noon" });
      expect(await outcomeOf(enter(email, "the fog lifts at noon", {}))).toBe("signed in");
      await db().user.update({ where: { id: person(2).id }, data: { passwordHash: await hashPassword(password) } });
    }));

  it("a browser that was signed in before passes while strangers guess, and is slowed by itself alone", () =>
    within(async () => {
      const device = withKnownPerson(null, person(3).id);
      for (let n = 0; n < 10; n++) await tryOf(3, "wrong", { address: "198.51.100.9" });
      expect(await tryOf(3, password, { address: "203.0.113.5" })).toBe("too_many_attempts");
      expect(await tryOf(3, password, { address: "203.0.113.5", device })).toBe("signed in");
      for (const forged of ["", "x", `${"A".repeat(22)}.${"B".repeat(22)}`, withKnownPerson(null, person(4).id)])
        expect(await tryOf(3, password, { device: forged })).toBe("too_many_attempts");
      for (let n = 0; n < 5; n++) expect(await tryOf(3, "wrong", { device })).toBe("invalid_credentials");
      expect(await tryOf(3, password, { device })).toBe("too_many_attempts");
    }));

  it(
    `a school of ${PEOPLE} signs in from one address at the same moment, everybody at the second try, and nobody is refused`,
    () =>
      within(async () => {
        const address = "192.0.2.44";
        const all = await Promise.all(
          Array.from({ length: PEOPLE }, async (_, n) => {
            expect(await tryOf(n, "mistyped", { address })).toBe("invalid_credentials");
            return tryOf(n, password, { address });
          }),
        );
        expect(new Set(all)).toEqual(new Set(["signed in"]));
      }),
    120_000,
  );
});

describe("150 anonymous tries a second of one address", () => {
  it("cost it its budget and nobody else theirs: not another address, not a browser that is known", async () => {
    await forgetAllTries();
    const attacker = "198.51.100.66";
    await failBefore(attacker, LIMITS.signIn.address.most - 300);
    let isOver = false;
    const outcomes: Record<string, number> = {};
    const attack = (async () => {
      const running: Promise<void>[] = [];
      for (let n = 0; !isOver; n++) {
        const tried = outcomeOf(enter(`stranger-${n}@test.campusos.example`, "guess", { address: attacker }));
        running.push(tried.then((outcome) => void (outcomes[outcome] = (outcomes[outcome] ?? 0) + 1)));
        await new Promise((resolve) => setTimeout(resolve, 1000 / 150));
      }
      await Promise.all(running);
    })();
    const device = withKnownPerson(null, person(10).id);
    await eventually(async () => (outcomes["too_many_attempts"] ?? 0) > 100, { what: "refusals", timeoutMs: 60_000 });
    expect(await tryOf(10, password, { address: attacker, device })).toBe("signed in");
    expect(await tryOf(11, password, { address: attacker })).toBe("too_many_attempts");
    const from = performance.now();
    for (let n = 20; n < 40; n++) expect(await tryOf(n, password, { address: "203.0.113.77" })).toBe("signed in");
    const each = (performance.now() - from) / 20;
    isOver = true;
    await attack;
    expect(each).toBeLessThan(1_000);
    // Those that were being hashed when the budget ended.
    expect(outcomes["invalid_credentials"]).toBeLessThanOrEqual(300 + 3);
    expect(outcomes["unavailable"] ?? 0).toBe(0);
  }, 90_000);

  it("an attacker has one budget for the whole network of an IPv6 address", async () => {
    await forgetAllTries();
    const key = (n: number) => `2001:db8:7:1::${n.toString(16)}`;
    await failBefore(key(1), LIMITS.signIn.address.most - 20);
    for (let n = 0; n < 20; n++) await outcomeOf(enter(`six-${n}@test.campusos.example`, "guess", { address: key(n) }));
    expect(await tryOf(12, password, { address: key(60_000) })).toBe("too_many_attempts");
    expect(await tryOf(12, password, { address: "2001:db8:7:2::1" })).toBe("signed in");
  }, 60_000);
});

describe("the audit", () => {
  it("is told of the first failure and the first refusal of an account, with the address, never with what was typed", async () => {
    await forgetAllTries();
    const address = "198.51.100.20";
    for (let n = 0; n < 12; n++) await tryOf(31, "Tr0ub4dor", { address });
    const entries = await eventually(
      async () => {
        const found = await db().auditEntry.findMany({
          where: { objectId: person(31).id, address, action: { startsWith: "identity.sign_in_" } },
          orderBy: { action: "asc" },
        });
        return found.length >= 2 ? found : null;
      },
      { what: "two entries" },
    );
    expect(entries).toMatchObject([
      { action: "identity.sign_in_failed", actorId: null, address, details: { by: "account" } },
      { action: "identity.sign_in_refused", actorId: null, address, details: { by: "account" } },
    ]);
    expect(JSON.stringify(entries)).not.toContain("Tr0ub4dor");
  });

  it("is not filled by somebody who tries every account", async () => {
    await forgetAllTries();
    const before = await db().auditEntry.count({ where: { action: "identity.sign_in_failed" } });
    await withSingleton("counters", memoryCounters(), async () => {
      await Promise.all(Array.from({ length: PEOPLE }, (_, n) => tryOf(n, "wrong")));
      await eventually(
        async () => (await db().auditEntry.count({ where: { action: "identity.sign_in_failed" } })) - before === 300,
        { what: "300 entries" },
      );
      expect((await counters().read(["told"]))[0]?.count).toBe(PEOPLE);
    });
    expect(await db().auditEntry.count({ where: { action: "identity.sign_in_failed" } })).toBe(before + 300);
  }, 60_000);
});

/** As if so many had failed from there already. */
async function failBefore(address: string, times: number): Promise<void> {
  const key = keyOf("signIn", "address", address);
  await Promise.all(Array.from({ length: times }, () => counters().add(key, windowOf(LIMITS.signIn.address))));
}

type From = { address?: string; device?: string };

function person(index: number) {
  return at(school.students, index);
}

function call(from: From): Omit<Context, "actor"> {
  return { requestId: newId(), now: new Date(), source: "web", ...from };
}

function enter(email: string, withPassword: string, from: From) {
  return signIn(call(from), { email, password: withPassword });
}

function tryOf(index: number, withPassword: string, from: From = {}): Promise<string> {
  return outcomeOf(enter(person(index).email, withPassword, from));
}

async function outcomeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "signed in";
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
}

/** For how many seconds even the right password is refused. */
async function waitOf(index: number): Promise<number | undefined> {
  const error: unknown = await enter(person(index).email, password, {}).catch((thrown: unknown) => thrown);
  return error instanceof AppError ? error.retryAfterSeconds : undefined;
}
