import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Db } from "@/lib/platform/db/client";
import { forgetSingletons } from "@/tests/support/singletons";
import { refuseRevoked } from "./revocations";

/** A database whose answers come when the test says so. */
function manual() {
  const questions: { answer: (ids: string[]) => void }[] = [];
  const $queryRaw = () =>
    new Promise((resolve) => {
      questions.push({ answer: (ids) => resolve([{ xmin: 1n, ids }]) });
    });
  const only: Partial<Db> = Object.fromEntries([["$queryRaw", $queryRaw]]);
  return { questions, client: () => only as Db };
}

describe("refuseRevoked", () => {
  beforeEach(() => {
    forgetSingletons();
    vi.stubEnv("REDIS_URL", "");
    vi.useFakeTimers({ toFake: ["performance"] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("asks once more when the question that it joined was asked too long ago", async () => {
    const { questions, client } = manual();
    const first = refuseRevoked("a", client);
    expect(questions).toHaveLength(1);
    vi.advanceTimersByTime(5_000); // the database is slow, and in the meantime somebody signs out
    let isDone = false;
    const second = refuseRevoked("b", client).finally(() => (isDone = true));
    questions[0]?.answer([]);
    await first;
    await vi.waitFor(() => expect(questions.length > 1 || isDone).toBe(true));
    expect([questions.length, isDone]).toEqual([2, false]);
    questions[1]?.answer(["b"]);
    await expect(second).rejects.toMatchObject({ code: "session_revoked" });
  });

  it("relies on an answer for a while, and asks beside the request before it is too old", async () => {
    const { questions, client } = manual();
    const first = refuseRevoked("a", client);
    questions[0]?.answer([]);
    await first;
    vi.advanceTimersByTime(300);
    await refuseRevoked("a", client);
    expect(questions).toHaveLength(1);
    vi.advanceTimersByTime(300);
    await refuseRevoked("a", client);
    expect(questions).toHaveLength(2);
    questions[1]?.answer(["a"]);
    await vi.waitFor(async () => {
      await expect(refuseRevoked("a", client)).rejects.toMatchObject({ code: "session_revoked" });
    });
  });
});
