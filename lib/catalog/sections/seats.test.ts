import { describe, expect, it } from "vitest";
import type { Db } from "@/lib/platform/db/client";
import { forgetLiveSeats, liveSeats } from "./seats";

const scope = { schoolId: "school", now: new Date("2026-11-24T08:00:00Z") };
const row = (id: string, seatsTaken: number) => ({
  id,
  capacity: 30,
  seatsTaken,
  state: "ACTIVE",
  opensAt: null,
  closesAt: null,
  termEndsOn: "2027-01-31",
  timeZone: "UTC",
});

/** A database whose answers come when the test says so. */
function manual() {
  const questions: { answer: (rows: ReturnType<typeof row>[]) => void }[] = [];
  const $queryRaw = () => new Promise((resolve) => questions.push({ answer: resolve }));
  const only: Partial<Db> = Object.fromEntries([["$queryRaw", $queryRaw]]);
  return { questions, client: only as Db };
}

describe("liveSeats", () => {
  it("answers for every section also when some are forgotten while others are read", async () => {
    const { questions, client } = manual();
    const first = liveSeats(scope, ["a"], client);
    questions[0]?.answer([row("a", 1)]);
    expect(await first).toMatchObject([{ id: "a", seatsAvailable: 29 }]);
    const both = liveSeats(scope, ["a", "b"], client);
    forgetLiveSeats(scope.schoolId, "a", client); // somebody has just enrolled
    questions[1]?.answer([row("b", 2)]);
    expect((await both).map(({ id }) => id)).toEqual(["a", "b"]);
  });

  it("does not keep what was read before a seat changed", async () => {
    const { questions, client } = manual();
    const before = liveSeats(scope, ["a"], client);
    forgetLiveSeats(scope.schoolId, "a", client);
    questions[0]?.answer([row("a", 1)]);
    await before;
    const after = liveSeats(scope, ["a"], client);
    expect(questions).toHaveLength(2);
    questions[1]?.answer([row("a", 2)]);
    expect(await after).toMatchObject([{ id: "a", seatsAvailable: 28 }]);
  });
});
