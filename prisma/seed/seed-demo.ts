import { classMarks } from "@/lib/attendance/class-changes/was-held";
import { hashPassword } from "@/lib/identity/credentials/passwords";
import { transaction, type Db } from "@/lib/platform/db/client";
import { DEMO_SCHOOL, ensureDemoClassNow } from "./demo-now";
import { importRoster } from "@/lib/roster/run/import-roster";
import { memorySource } from "@/lib/roster/sources/sources";
import { newId } from "@/lib/shared/ids";
import { dateText, isTimeZone } from "@/lib/shared/time";
import accounts from "./accounts.json";
import { demoSchoolFiles, demoTermFiles } from "./demo-school";
import { writeHistory } from "./history";

const DAY_MS = 86_400_000;
/** The term is moved on when it would end within this time. */
const RENEW_MS = 14 * DAY_MS;
/** Classes of the last day may still be marked by whoever tries the product; older ones get their marks from here. */
const LEFT_UNMARKED_MS = DAY_MS;

/**
 * Loads the demo school into an empty database, in one transaction, by the importer. In a database that has a school
 * already it loads nothing; a demo school from an earlier start is made alive again: its term, the marks of classes that
 * went by unmarked, a class right now. One caller at a time (`main.ts` sees to it).
 */
export async function seedDemo(client: Db, now: Date): Promise<"loaded" | "present" | "not empty"> {
  const loaded = (await client.school.count()) === 0;
  if (loaded) await load(client, now);
  else await reviveSchool(client, now);
  await ensureDemoClassNow(client, now);
  const demo = await client.school.count({ where: { sourcedId: DEMO_SCHOOL.sourcedId } });
  return loaded ? "loaded" : demo > 0 ? "present" : "not empty";
}

async function load(client: Db, now: Date): Promise<void> {
  const local = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  const timeZone = isTimeZone(local) ? local : "UTC";
  const password = accounts[0]?.password ?? "";
  const emails = accounts.map((account) => account.email);
  await importRoster(
    memorySource(demoSchoolFiles(now, timeZone)),
    {
      now,
      requestId: newId(now.getTime()),
      marks: classMarks,
      timeZone,
      sharedPasswordHash: await hashPassword(password),
      afterwards: async (tx, { school }) => {
        await writeHistory(tx, school.id, now);
        // Whoever tries the demo is not asked to choose a password for its people.
        await tx.user.updateMany({ where: { schoolId: school.id }, data: { passwordInitial: false } });
        // The accounts shown on the sign-in page own their hash, so that signing in does not rewrite it.
        await tx.user.updateMany({ where: { email: { in: emails } }, data: { passwordShared: false } });
      },
    },
    client,
  );
}

async function reviveSchool(client: Db, now: Date): Promise<void> {
  const school = await client.school.findUnique({
    where: { sourcedId: DEMO_SCHOOL.sourcedId },
    select: { id: true, timeZone: true, terms: { where: { sourcedId: DEMO_SCHOOL.term } } },
  });
  const term = school?.terms[0];
  if (!school || !term) return;
  if (term.endsOn.getTime() - now.getTime() <= RENEW_MS) {
    const files = demoTermFiles(dateText(term.startsOn), now, school.timeZone);
    await importRoster(memorySource(files), { now, requestId: newId(now.getTime()), marks: classMarks }, client);
  }
  const before = new Date(now.getTime() - LEFT_UNMARKED_MS);
  await transaction((tx) => writeHistory(tx, school.id, before), client);
}
