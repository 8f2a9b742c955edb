import {
  type ClassPlace,
  dayOffTitleOn,
  overlappingClass,
  readChangeable,
  writeMoved,
} from "@/lib/catalog/calendar/class-session-changes";
import { schoolOf } from "@/lib/identity/people/people";
import { db, type Db, transaction } from "@/lib/platform/db/client";
import type { Context } from "@/lib/shared/context";
import { AppError } from "@/lib/shared/errors";
import { dateFromText, instantOf, minuteOf } from "@/lib/shared/time";
import { changeableClassSession } from "./access";
import { changeClassSession, overlapsOf, peopleOf, refuseLocked } from "./change";
import { noSchool, overlaps } from "./refusals";
import type { ClassChange, MoveClassInput } from "./schema";
import { wasHeld } from "./was-held";
import { say, type Sentence } from "@/lib/shared/say";

type MoveInput = MoveClassInput & { id: string };

const MAX_DISTANCE_DAYS = 366;

/**
 * Holds one class at another time or in another room, for a teacher of its section or the office; one that was cancelled
 * is held again. It keeps its identity and remembers where the plan has it; moved back there it is as before. Others of
 * the class who are busy then are counted, not in the way. Errors: `invalid_request` (a time that is over, or too far),
 * `forbidden`, `class_session_not_found`, `class_session_locked` (`lock`: DAY_OFF, FINALIZED, MARKED, SECTION_CANCELLED),
 * `class_session_overlap` with the `classSessionId` of the section's own other class.
 */
export async function moveClassSession(ctx: Context, input: MoveInput, client: Db = db()): Promise<ClassChange> {
  return changeClassSession(
    ctx,
    input.id,
    client,
    { datesMatter: true },
    async ({ tx, school, plannedRoom, before }) => {
      refuseLocked(before, await wasHeld(tx, before.id));
      const from = before.movedFrom ?? before;
      const span = spanOf(ctx, input, school.timeZone, from.date);
      const to: ClassPlace = { ...span, location: roomOf(input.location, { before, from, plannedRoom }) };
      const stays =
        to.startsAt.getTime() === before.startsAt.getTime() &&
        to.endsAt.getTime() === before.endsAt.getTime() &&
        to.location === before.location;
      if (stays && !before.isCancelled) return null;
      const dayOff = await dayOffTitleOn(tx, before.schoolId, to.date);
      if (dayOff !== null) throw noSchool(dayOff);
      const other = await overlappingClass(tx, before, to);
      if (other !== null) throw overlaps(other);
      const { date, startsAt, endsAt, location } = from;
      const facts = { actorId: ctx.actor.userId, now: ctx.now, changes: before.changes + 1, reason: input.reason };
      await writeMoved(tx, before.id, { to, from: { date, startsAt, endsAt, location } }, facts);
      return "moved";
    },
  );
}

/** Who of the class would be busy at the new time; for a page that asks before it moves. Changes nothing. */
export async function overlapsOfMove(
  ctx: Context,
  input: MoveInput,
  client: Db = db(),
): Promise<ClassChange["overlaps"]> {
  return transaction(async (tx) => {
    const session = await changeableClassSession(ctx, tx, input.id);
    const { timeZone } = await schoolOf(tx, ctx.actor.schoolId);
    const changeable = await readChangeable(tx, session.id);
    const people = await peopleOf(tx, changeable);
    const span = spanOf(ctx, input, timeZone, session.movedFrom?.date ?? session.date);
    return overlapsOf(tx, changeable, people, span);
  }, client);
}

/** Named as people see it, the planned room is no room of its own: it follows the plan. */
function roomOf(
  wanted: string | null | undefined,
  { before, from, plannedRoom }: { before: ClassPlace; from: ClassPlace; plannedRoom: string | null },
): string | null {
  if (wanted === undefined) return before.location;
  return wanted === null || wanted === "" || wanted === plannedRoom ? from.location : wanted;
}

function spanOf(ctx: Context, input: MoveInput, timeZone: string, plannedDate: string) {
  const { date } = input;
  const startsAt = instantOf(date, minuteOf(input.startsAt) ?? 0, timeZone);
  const endsAt = instantOf(date, minuteOf(input.endsAt) ?? 0, timeZone);
  if (endsAt <= startsAt) throw wrong("endsAt", say("field.clockChanges"));
  if (endsAt <= ctx.now) throw wrong("date", say("field.timeOver"));
  const distance = Math.abs((dateFromText(date)?.getTime() ?? 0) - (dateFromText(plannedDate)?.getTime() ?? 0));
  if (distance > MAX_DISTANCE_DAYS * 86_400_000) throw wrong("date", say("field.withinYear"));
  return { date, startsAt, endsAt };
}

function wrong(path: string, message: Sentence): AppError {
  return new AppError("invalid_request", {
    detail: say("detail.correctFields"),
    errors: [{ path, code: "time", message }],
  });
}
