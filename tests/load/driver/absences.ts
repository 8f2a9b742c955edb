import type { Db } from "@/lib/platform/db/client";
import { newId } from "@/lib/shared/ids";
import { sleep } from "@/scripts/lib/processes.mjs";
import { eventually } from "@/tests/support/eventually";
import type { PushService } from "@/tests/support/push-service";
import { addClassSession } from "@/tests/support/school";
import { CLASS_SIZE, CLASSES, type People } from "../school/moments-school";
import type { LoadClient } from "./client";

export const SECONDS = 15;

/**
 * A hundred students a second are marked absent for 15 seconds, each with a guardian and their phone: how long it takes from
 * the press to the push service's 201.
 */
export async function absences(run: {
  db: Db;
  client: LoadClient;
  pushes: PushService;
  people: People;
  teacher: string;
}) {
  const { db, client, pushes, people, teacher } = run;
  const answer = await client.send("GET", "/api/push/public-key", teacher);
  const vapidPublicKey = String(answer.body["publicKey"]);
  const phones = people.guardians.map((guardian) => ({ guardian, ...pushes.subscribe(vapidPublicKey) }));
  await db.pushSubscription.createMany({
    data: phones.map(({ guardian, json }) => ({
      id: newId(),
      schoolId: guardian.schoolId,
      userId: guardian.id,
      endpoint: json.endpoint,
      ...json.keys,
      vapidPublicKey,
    })),
  });
  const rounds: string[][] = [];
  for (let second = 0; second < SECONDS; second += 1)
    rounds.push(
      await Promise.all(
        people.small.map(async (section) => (await addClassSession(db, section, { startsInMinutes: -5 })).id),
      ),
    );
  const pressedAt: number[][] = phones.map(() => []);
  const saves: Promise<void>[] = [];
  const startedAt = Date.now();
  for (const [second, classes] of rounds.entries())
    for (const [n, classSessionId] of classes.entries()) {
      // A hundred a second come, however long each takes: it is their clock that is waited for.
      await sleep(Math.max(0, startedAt + second * 1_000 + (n * 1_000) / CLASSES - Date.now()));
      const students = people.students.slice(n * CLASS_SIZE, (n + 1) * CLASS_SIZE);
      const records = students.map(({ id }) => ({ studentId: id, status: "ABSENT" }));
      const at = Date.now();
      for (let index = 0; index < CLASS_SIZE; index += 1) pressedAt[n * CLASS_SIZE + index]?.push(at);
      saves.push(
        client
          .send("POST", "/api/attendance/mark-bulk", teacher, { classSessionId, records, finalize: true })
          .then(({ status, body }) => {
            if (status !== 200) throw new Error(`finishing answered ${status} ${JSON.stringify(body)}`);
          }),
      );
    }
  await Promise.all(saves);
  const wanted = phones.length * SECONDS;
  await eventually(() => pushes.received.length >= wanted, { timeoutMs: 60_000, what: "every push" });
  // A phone gets its news in their order: the first request to it is about the first class of its child.
  const tookMs = phones.flatMap(({ token }, index) =>
    pushes
      .requestsTo(token)
      .filter(({ status }) => status === 201)
      .map((request, n) => request.at - (pressedAt[index]?.[n] ?? NaN)),
  );
  tookMs.sort((a, b) => a - b);
  const share = (part: number) => tookMs[Math.min(tookMs.length - 1, Math.floor(tookMs.length * part))] ?? NaN;
  const [p50Ms, p95Ms, p99Ms, mostMs] = [share(0.5), share(0.95), share(0.99), share(1)];
  return { wanted, taken: tookMs.length, p50Ms, p95Ms, p99Ms, mostMs };
}
