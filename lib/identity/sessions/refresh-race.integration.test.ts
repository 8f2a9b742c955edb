// Two processes spend one refresh token at the same moment, as a program does that retries too early behind a gateway.
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import readline from "node:readline";
import { afterAll, beforeAll, expect, it } from "vitest";
import { db, transaction } from "@/lib/platform/db/client";
import { at, buildSchool, type TestSchool } from "@/tests/support/school";
import { openSession } from "./sessions";

/** `CAMPUS_REFRESH_RACES=2000 npm run test:integration -- lib/identity/refresh-race.integration.test.ts` races more. */
const RACES = Number(process.env["CAMPUS_REFRESH_RACES"] ?? 200);
/** The clocks of the two processes: together, and each ahead of the other. */
const CLOCKS: [number, number][] = [
  [0, 0],
  [0, -2_000],
  [5_000, 0],
];

type Spender = { spend(token: string): Promise<string>; stop(): Promise<void> };

let school: TestSchool;
const spenders: Spender[] = [];

beforeAll(async () => {
  school = await buildSchool(db(), { students: 1 });
});

afterAll(async () => {
  for (const spender of spenders) await spender.stop();
});

it.each(CLOCKS)(
  "of two processes with one token one wins, no call fails, no token is left over (clocks %i and %i ms off)",
  async (...clocks) => {
    const [first, second] = [startSpender(clocks[0]), startSpender(clocks[1])];
    const outcomes: string[] = [];
    for (let race = 0; race < Math.ceil(RACES / CLOCKS.length); race++) {
      const { refreshToken } = await open();
      outcomes.push((await Promise.all([first, second].map((each) => each.spend(refreshToken)))).sort().join(" + "));
    }
    expect([...new Set(outcomes)]).toEqual(["ok + refresh_token_reused"]);
    // The second use ended the family, and it got no pair of its own.
    const [left] = await db().$queryRaw<{ live: bigint; most: bigint }[]>`
      SELECT (SELECT count(*) FROM refresh_token r JOIN auth_session s ON s.id = r.session_id
              WHERE r.used_at IS NULL AND s.revoked_at IS NULL) AS live,
             (SELECT max(tokens) FROM (SELECT count(*) AS tokens FROM refresh_token GROUP BY session_id) AS each) AS most`;
    expect(left).toEqual({ live: 0n, most: 2n });
  },
  120_000 + RACES * 100,
);

async function open() {
  const tokens = await transaction((tx) => openSession(tx, at(school.students, 0).id, new Date()));
  if (!tokens) throw new Error("no session");
  return tokens;
}

function startSpender(clockOffMs: number): Spender {
  const file = path.resolve("tests/support/refresh-process.ts");
  const child = spawn(process.execPath, ["--import", "tsx", file, String(clockOffMs)], {
    stdio: ["pipe", "pipe", "inherit"],
    env: process.env,
  });
  const waiting: ((outcome: string) => void)[] = [];
  readline.createInterface({ input: child.stdout }).on("line", (outcome) => waiting.shift()?.(outcome));
  const spender: Spender = {
    spend(token) {
      const outcome = new Promise<string>((resolve) => waiting.push(resolve));
      child.stdin.write(`${token}\n`);
      return outcome;
    },
    async stop() {
      child.stdin.end();
      if (child.exitCode === null) await once(child, "exit");
    },
  };
  spenders.push(spender);
  return spender;
}
