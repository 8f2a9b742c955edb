import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import readline from "node:readline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { db, transaction, type Tx } from "@/lib/platform/db/client";
import { newId } from "@/lib/shared/ids";
import { eventually } from "@/tests/support/eventually";
import { ownRedis, type OwnRedis } from "@/tests/support/redis";
import { buildSchool, type TestSchool } from "@/tests/support/school";
import { verifyAccessToken } from "./access-token";
import { authenticateRequest } from "./authenticate";
import { revokeSession, signOut } from "./revoke-sessions";
import { openSession } from "./sessions";

/** The promise of the contract. */
const KNOWN_EVERYWHERE_WITHIN_MS = 1_000;

let school: TestSchool;
let redis: OwnRedis;
const stops: (() => Promise<void>)[] = [];

beforeAll(async () => {
  school = await buildSchool(db(), { students: 1 });
  redis = await ownRedis();
});

afterAll(async () => {
  for (const stop of stops.reverse()) await stop();
  await redis.stop();
});

describe("a signed-out session", () => {
  it("is refused at once on the process that ended it", async () => {
    const { accessToken, actor } = await open();
    const headers = new Headers({ authorization: `Bearer ${accessToken}` });
    await expect(authenticateRequest(headers)).resolves.toBeTruthy();
    await signOut({ actor, requestId: newId(), now: new Date(), source: "api" });
    await expect(authenticateRequest(headers)).rejects.toMatchObject({ code: "session_revoked" });
  });

  it.each([
    ["without Redis", {}],
    ["with Redis", { REDIS_URL: "own" }],
  ])("is refused by another process within a second %s", async (_how, wanted) => {
    const other = await startProcess({ REDIS_URL: "", ...("REDIS_URL" in wanted ? { REDIS_URL: redis.url } : {}) });
    expect(await timeToRefusal(other)).toBeLessThan(KNOWN_EVERYWHERE_WITHIN_MS);
  });

  it("is refused within a second after Redis was killed, and again when it is back", async () => {
    const other = await startProcess({ REDIS_URL: redis.url });
    const { accessToken } = await open();
    expect(await other.ask(accessToken)).toBe("ok");
    redis.kill();
    expect(await timeToRefusal(other)).toBeLessThan(KNOWN_EVERYWHERE_WITHIN_MS);
    expect(await other.ask(accessToken)).toBe("ok"); // Redis away: nobody else is thrown out
    await redis.restart();
    expect(await timeToRefusal(other)).toBeLessThan(KNOWN_EVERYWHERE_WITHIN_MS);
  });

  it("is refused by a process that starts afterwards", async () => {
    const { accessToken, actor } = await open();
    await signOut({ actor, requestId: newId(), now: new Date(), source: "api" });
    const later = await startProcess({ REDIS_URL: "" });
    expect(await later.ask(accessToken)).toBe("session_revoked");
  });

  it("is refused also when its transaction was open for long while others committed", async () => {
    const other = await startProcess({ REDIS_URL: "" });
    const slow = await open();
    expect(await other.ask(slow.accessToken)).toBe("ok");
    await transaction(async (tx: Tx) => {
      await revokeSession(tx, slow.actor.sessionId, "account_ended");
      // Meanwhile others are revoked and seen, so that the process' view moves past this transaction's time.
      for (let round = 0; round < 2; round++) expect(await timeToRefusal(other)).toBeLessThan(5_000);
      expect(await other.ask(slow.accessToken)).toBe("ok");
    });
    expect(await refusalOf(other, slow.accessToken)).toBeLessThan(KNOWN_EVERYWHERE_WITHIN_MS);
  });
});

async function timeToRefusal(other: OtherProcess): Promise<number> {
  const { accessToken, actor } = await open();
  expect(await other.ask(accessToken)).toBe("ok");
  await signOut({ actor, requestId: newId(), now: new Date(), source: "api" });
  return refusalOf(other, accessToken);
}

/**
 * Asks until it is refused; how long after the first question the last one set out that was still answered. Not when the
 * refusal came: a machine that is busy with something else may take its time over that.
 */
async function refusalOf(other: OtherProcess, accessToken: string): Promise<number> {
  const startedAt = performance.now();
  let lastAnsweredAt = startedAt;
  const isRefused = async () => {
    const askedAt = performance.now();
    const answer = await other.ask(accessToken);
    if (answer === "ok") lastAnsweredAt = askedAt;
    return answer === "session_revoked";
  };
  await eventually(isRefused, { everyMs: 5, timeoutMs: 20_000, what: "the refusal" });
  return lastAnsweredAt - startedAt;
}

async function open() {
  const [student] = school.students;
  if (!student) throw new Error("no student");
  const tokens = await transaction((tx) => openSession(tx, student.id, new Date()));
  if (!tokens) throw new Error("no session");
  const { expiresAt: _, ...actor } = await verifyAccessToken(tokens.accessToken);
  return { accessToken: tokens.accessToken, actor };
}

type OtherProcess = { ask(token: string): Promise<string> };

async function startProcess(env: Record<string, string>): Promise<OtherProcess> {
  const file = path.resolve("tests/support/authenticate-process.ts");
  const child = spawn(process.execPath, ["--import", "tsx", file], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, ...env },
  });
  const waiting: ((code: string) => void)[] = [];
  readline.createInterface({ input: child.stdout }).on("line", (code) => waiting.shift()?.(code));
  stops.push(async () => {
    child.stdin.end();
    if (child.exitCode === null) await once(child, "exit");
  });
  return {
    ask(token) {
      const answer = new Promise<string>((resolve) => waiting.push(resolve));
      child.stdin.write(`${token}\n`);
      return answer;
    },
  };
}
