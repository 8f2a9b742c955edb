import {
  busyTeachers,
  type ChangeableClass,
  readChangeable,
  teachersOf,
} from "@/lib/catalog/calendar/class-session-changes";
import type { ClassSessionInfo } from "@/lib/catalog/class-sessions/queries";
import { busyStudents } from "@/lib/enrollment/members/busy-students";
import { sectionMembersDuring } from "@/lib/enrollment/members/section-members";
import { guardiansOf, schoolOf, type SchoolInfo } from "@/lib/identity/people/people";
import { audit } from "@/lib/platform/db/audit";
import { type Db, transaction, type Tx } from "@/lib/platform/db/client";
import { appendEvents, type NewEvent } from "@/lib/platform/events/log/outbox";
import { lockTogether } from "@/lib/platform/db/locks";
import type { Context } from "@/lib/shared/context";
import { AppError } from "@/lib/shared/errors";
import { isoInZone } from "@/lib/shared/time";
import { classState } from "../sheet/rules";
import { changeableClassSession } from "./access";
import type { ClassChange } from "./schema";
import { say, type Sentence } from "@/lib/shared/say";

type Kind = "cancelled" | "restored" | "moved";

/** Who belongs to a class when it changes. */
export type ClassPeople = { studentIds: string[]; teacherIds: string[] };

export type ChangeStep = {
  tx: Tx;
  school: SchoolInfo;
  /** The room that people see for the class where the plan has it. */
  plannedRoom: string | null;
  /** The class as it is now, under its locks. */
  before: ChangeableClass;
};

/**
 * The frame of every change of one class session, in one transaction: access, locks, the change that `decide` makes, audit
 * and event. `decide` writes and answers what it did, or null when everything was so already. The section is locked for
 * the event and because enrolling changes whom it names, the class session because marks are saved under it, and with
 * `datesMatter` the school, under which days off come and go.
 */
export async function changeClassSession(
  ctx: Context,
  classSessionId: string,
  client: Db,
  options: { datesMatter: boolean },
  decide: (step: ChangeStep) => Promise<Kind | null>,
): Promise<ClassChange> {
  return transaction(async (tx) => {
    const found = await changeableClassSession(ctx, tx, classSessionId);
    const school = await schoolOf(tx, ctx.actor.schoolId);
    await lockTogether(tx, [
      ["school", options.datesMatter ? [school.id] : []],
      ["section", [found.section.id]],
      ["classSession", [found.id]],
    ]);
    const before = await readChangeable(tx, found.id);
    const plannedRoom = found.movedFrom ? found.movedFrom.location : found.location;
    const kind = await decide({ tx, school, plannedRoom, before });
    const people = await peopleOf(tx, before);
    if (kind === null) return changeOf(ctx, tx, school, classSessionId, { changed: false, people });
    await audit(tx, ctx, [auditEntry(kind, before)]);
    const after = await changeableClassSession(ctx, tx, classSessionId);
    const common = {
      classSessionId: after.id,
      version: before.changes + 1,
      sectionId: after.section.id,
      sectionCode: after.section.code,
      sectionTitle: after.section.title,
      schoolId: school.id,
      date: after.date,
      startsAt: isoInZone(after.startsAt, school.timeZone),
      endsAt: isoInZone(after.endsAt, school.timeZone),
      location: after.location,
      changedById: ctx.actor.userId,
      ...people,
    };
    await appendEvents(tx, ctx.now, [eventOf(kind, after.section.id, common, before, school.timeZone)]);
    return changeOf(ctx, tx, school, classSessionId, { changed: true, people });
  }, client);
}

function eventOf(
  kind: Kind,
  key: string,
  data: Extract<NewEvent, { type: "class_session_cancelled" }>["data"],
  before: ChangeableClass,
  timeZone: string,
): NewEvent {
  if (kind !== "moved") return { type: `class_session_${kind}`, key, data };
  // People remember where the class was until now, which need not be where the plan has it.
  const from = { fromDate: before.date, fromStartsAt: isoInZone(before.startsAt, timeZone) };
  return { type: "class_session_moved", key, data: { ...data, ...from } };
}

function auditEntry(kind: Kind, before: ChangeableClass) {
  return {
    action: `class_session.${kind}`,
    objectType: "class_session",
    objectId: before.id,
    details: {
      version: before.changes + 1,
      from: { startsAt: before.startsAt.toISOString(), cancelled: before.isCancelled },
    },
  };
}

/** Students of the class and teachers of its section. */
export async function peopleOf(
  client: Db | Tx,
  session: Pick<ChangeableClass, "id" | "schoolId" | "sectionId" | "startsAt" | "endsAt">,
): Promise<ClassPeople> {
  const [members, teacherIds] = await Promise.all([
    sectionMembersDuring(client, session.schoolId, [{ ...session, key: session.id }]),
    teachersOf(client, session.schoolId, session.sectionId),
  ]);
  return { studentIds: members.map(({ studentId }) => studentId).sort(), teacherIds };
}

/** How many others have a class at that time too. */
export async function overlapsOf(
  tx: Tx,
  { id, schoolId }: { id: string; schoolId: string },
  people: ClassPeople,
  span: { startsAt: Date; endsAt: Date },
): Promise<ClassChange["overlaps"]> {
  return {
    students: (await busyStudents(tx, schoolId, people.studentIds, id, span)).length,
    teachers: (await busyTeachers(tx, schoolId, people.teacherIds, id, span)).length,
  };
}

async function changeOf(
  ctx: Context,
  tx: Tx,
  school: SchoolInfo,
  classSessionId: string,
  { changed, people }: { changed: boolean; people: ClassPeople },
): Promise<ClassChange> {
  const session = await changeableClassSession(ctx, tx, classSessionId);
  const nobody = { students: 0, guardians: 0, teachers: 0 };
  return {
    classSession: changedClassDto(session, school.timeZone, ctx.now),
    changed,
    notified: changed && session.endsAt > ctx.now ? await reachOf(tx, ctx.actor, people) : nobody,
    overlaps: session.isCancelled
      ? { students: 0, teachers: 0 }
      : await overlapsOf(tx, { id: session.id, schoolId: school.id }, people, session),
  };
}

/** One class as it leaves the module where changes are the subject. */
export function changedClassDto(info: ClassSessionInfo, timeZone: string, now: Date): ClassChange["classSession"] {
  const { startsAt, endsAt, isCancelled, isSectionCancelled: _, movedFrom, ...session } = info;
  const iso = (instant: Date) => isoInZone(instant, timeZone);
  return {
    ...session,
    startsAt: iso(startsAt),
    endsAt: iso(endsAt),
    state: classState({ isCancelled, startsAt, endsAt, finalizedAt: null }, now),
    movedFrom: movedFrom && { ...movedFrom, startsAt: iso(movedFrom.startsAt), endsAt: iso(movedFrom.endsAt) },
  };
}

/** How many people hear of a change by this actor, who does not. */
export async function reachOf(
  client: Db | Tx,
  actor: { userId: string; schoolId: string },
  people: ClassPeople,
): Promise<ClassChange["notified"]> {
  const guardians = new Set(
    (await guardiansOf(client, actor.schoolId, people.studentIds)).map(({ guardianId }) => guardianId),
  );
  const others = new Set([...people.studentIds, ...people.teacherIds]);
  const but = (ids: Iterable<string>) => [...ids].filter((id) => id !== actor.userId).length;
  return {
    students: but(people.studentIds),
    guardians: but([...guardians].filter((id) => !others.has(id))),
    teachers: but(people.teacherIds),
  };
}

/** Throws `class_session_locked` with `lock` when nothing of this class may change; `wasHeld`: it has marks. */
export function refuseLocked(before: ChangeableClass, wasHeld: "FINALIZED" | "MARKED" | null): void {
  if (before.sectionCancelled) throw locked("SECTION_CANCELLED", say("detail.sectionCancelled"));
  if (wasHeld === "FINALIZED") throw locked("FINALIZED", say("detail.attendanceFinished"));
  if (wasHeld === "MARKED") throw locked("MARKED", say("detail.studentsMarked"));
}

export function locked(lock: string, detail: Sentence): AppError {
  return new AppError("class_session_locked", { detail, extra: { lock } });
}
