import type { Tx } from "@/lib/platform/db/client";
import type { ClassMarks } from "../../class-sessions/class-marks";
import { storedDaysOff } from "../days-off";
import { planHolidays } from "./plan-holidays";
import { freeFromDaysOff } from "../settle-days-off";
import { writeHolidays } from "./write-holidays";

/** The holidays that a roster gives an academic session: all of them, so what is missing goes. */
export type SessionHolidays = {
  sourcedId: string;
  holidays: readonly { startsOn: string; endsOn: string; title: string }[];
};

/**
 * Makes the roster's days off what these academic sessions say, with the classes on them; days of other sessions and other
 * sources stay. The caller holds the school's lock. No events: what the office sends is nobody's news.
 */
export async function applyRosterHolidays(
  tx: Tx,
  input: { schoolId: string; sessions: readonly SessionHolidays[]; now: Date },
  marks: ClassMarks,
): Promise<void> {
  const { schoolId, sessions, now } = input;
  if (sessions.length === 0) return;
  const wanted = sessions.flatMap(({ sourcedId, holidays }) =>
    holidays.map((holiday) => ({ ...holiday, uid: `${sourcedId} ${holiday.startsOn}` })),
  );
  const stored = await storedDaysOff(tx, schoolId);
  const speaking = new Set(sessions.map(({ sourcedId }) => sourcedId));
  const uids = new Set(wanted.map(({ uid }) => uid));
  // A uid is the session's id, a space, and a date of ten characters.
  const gone = stored.filter(
    ({ source, uid }) => source === "ROSTER" && uid !== null && speaking.has(uid.slice(0, -11)) && !uids.has(uid),
  );
  const goneIds = gone.map(({ id }) => id);
  await freeFromDaysOff(tx, goneIds);
  if (goneIds.length > 0) await tx.schoolDayOff.deleteMany({ where: { id: { in: goneIds } } });
  const left = stored.filter(({ id }) => !goneIds.includes(id));
  const plan = planHolidays("ROSTER", wanted, left);
  await writeHolidays(tx, plan, { schoolId, source: "ROSTER", now, createdById: null }, marks);
}
