import type { Tx } from "@/lib/platform/db/client";
import { emptyTally, type ImportTally } from "@/lib/identity/import/import-tally";
import { newId } from "@/lib/shared/ids";
import type { PlannedMeeting } from "../class-sessions/plan";

export type ImportedMeeting = { day: number; startMinute: number; endMinute: number };
/** A section as a roster describes it; undefined: as it is, or the default of a new one. */
export type ImportedSection = {
  sourcedId: string;
  ended: boolean;
  courseId: string;
  /** The first term by date, and the others by date. */
  termId: string;
  furtherTermIds: readonly string[];
  code: string;
  title: string;
  location: string | null;
  capacity: number | undefined;
  waitlistCapacity: number | undefined;
  meetings: readonly ImportedMeeting[] | undefined;
  weeks: string | null | undefined;
};

/** The values of a section row. */
export type SectionWrite = {
  id: string;
  sourcedId: string;
  courseId: string;
  termId: string;
  furtherTermIds: readonly string[];
  code: string;
  title: string;
  location: string | null;
  capacity: number;
  waitlistCapacity: number;
  weeks: string | null;
  cancelled: boolean;
};
export type StoredMeeting = PlannedMeeting & { id: string; location: string | null };
export type StoredSection = SectionWrite & { seatsTaken: number; meetings: StoredMeeting[] };
type MeetingWrite = StoredMeeting & { sectionId: string };

/** What an import will do to sections and their meetings. */
export type SectionPlan = {
  /** Every section of the plan or the store by sourcedId. */
  known: Map<string, { id: string; courseId: string; termId: string }>;
  /** Every section whose class sessions are to be planned, with what they are planned from. */
  replan: { section: SectionWrite; meetings: StoredMeeting[]; isNew: boolean }[];
  create: SectionWrite[];
  update: SectionWrite[];
  createMeetings: MeetingWrite[];
  updateMeetings: MeetingWrite[];
  removeMeetings: string[];
  /** Sections whose capacity sinks below the seats taken. */
  belowTaken: { id: string }[];
  tally: ImportTally;
};

const DEFAULT_CAPACITY = 30;

/** The stored sections of a school by sourcedId: those asked for, and all of the given terms. */
export async function storedSections(
  tx: Tx,
  input: { schoolId: string; sourcedIds: readonly string[]; ofTerms: readonly string[] | "all" },
): Promise<Map<string, StoredSection>> {
  const all = input.ofTerms === "all";
  const ofTerms = input.ofTerms === "all" ? [] : [...input.ofTerms];
  const rows = await tx.$queryRaw<StoredSection[]>`
    SELECT s.id, s.sourced_id AS "sourcedId", s.course_id AS "courseId", s.term_id AS "termId", s.code, s.title,
           s.location, s.capacity, s.waitlist_capacity AS "waitlistCapacity", s.weeks,
           s.state = 'CANCELLED' AS cancelled, s.seats_taken AS "seatsTaken",
           ARRAY(SELECT x.term_id FROM section_further_term x JOIN term f ON f.id = x.term_id
                 WHERE x.section_id = s.id ORDER BY f.starts_on, f.id) AS "furtherTermIds",
           coalesce((SELECT jsonb_agg(jsonb_build_object('id', m.id, 'day', m.day, 'startMinute', m.start_minute,
                       'endMinute', m.end_minute, 'location', m.location) ORDER BY m.day, m.start_minute)
                     FROM meeting m WHERE m.section_id = s.id), '[]'::jsonb) AS meetings
    FROM section s
    WHERE s.school_id = ${input.schoolId}
      AND (${all} OR s.sourced_id = ANY(${[...input.sourcedIds]}::text[])
           OR s.term_id = ANY(${ofTerms}::text[])
           OR s.id IN (SELECT x.section_id FROM section_further_term x WHERE x.term_id = ANY(${ofTerms}::text[])))`;
  return new Map(rows.map((row) => [row.sourcedId, row]));
}

/** The sourcedIds of the terms in which each of these stored sections is held, by the section's sourcedId. */
export async function storedTermsOf(
  tx: Tx,
  schoolId: string,
  sourcedIds: readonly string[],
): Promise<Map<string, Set<string>>> {
  if (sourcedIds.length === 0) return new Map();
  const rows = await tx.$queryRaw<{ section: string; terms: string[] }[]>`
    SELECT s.sourced_id AS section, array_agg(t.sourced_id) AS terms
    FROM section s JOIN term t
      ON t.id = s.term_id OR t.id IN (SELECT x.term_id FROM section_further_term x WHERE x.section_id = s.id)
    WHERE s.school_id = ${schoolId} AND t.school_id = ${schoolId} AND s.sourced_id = ANY(${[...sourcedIds]}::text[])
    GROUP BY s.sourced_id`;
  return new Map(rows.map((row) => [row.section, new Set(row.terms)]));
}

/**
 * Compares sections with what is stored. `movedTerms` and `zoneChanged` make stored sections be planned anew even when
 * they have no row; those that are held in `endedTerms` alone are cancelled, others lose them. `byDate` sorts terms.
 */
export function planSections(input: {
  sections: readonly ImportedSection[];
  stored: ReadonlyMap<string, StoredSection>;
  movedTerms: ReadonlySet<string>;
  endedTerms: ReadonlySet<string>;
  byDate: (termIds: readonly string[]) => string[];
  zoneChanged: boolean;
  now: Date;
}): SectionPlan {
  const plan: SectionPlan = {
    known: new Map(input.stored),
    replan: [],
    create: [],
    update: [],
    createMeetings: [],
    updateMeetings: [],
    removeMeetings: [],
    belowTaken: [],
    tally: emptyTally(),
  };
  const seen = new Set<string>();
  for (const section of input.sections) {
    const known = input.stored.get(section.sourcedId);
    seen.add(section.sourcedId);
    if (section.ended) {
      if (known && !known.cancelled) cancel(plan, known);
      plan.tally[known && !known.cancelled ? "ended" : "unchanged"] += 1;
      continue;
    }
    const write = sectionWrite(section, known, input.now);
    plan.known.set(write.sourcedId, write);
    const { meetings, changed: meetingsChanged } = planMeetings(plan, write, section, known, input.now);
    const changed = meetingsChanged || !known || rowDiffers(known, write);
    if (!known) plan.create.push(write);
    else if (rowDiffers(known, write)) plan.update.push(write);
    if (known && write.capacity < known.seatsTaken && write.capacity !== known.capacity)
      plan.belowTaken.push({ id: write.id });
    const otherDays =
      !known ||
      meetingsChanged ||
      known.cancelled ||
      known.weeks !== write.weeks ||
      !sameTerms(known, write) ||
      isHeldIn(write, input.movedTerms) ||
      input.zoneChanged;
    if (otherDays) plan.replan.push({ section: write, meetings, isNew: !known });
    plan.tally[!known ? "created" : changed ? "changed" : "unchanged"] += 1;
  }
  for (const known of input.stored.values()) {
    if (seen.has(known.sourcedId) || known.cancelled) continue;
    if (!isHeldIn(known, input.endedTerms) && !isHeldIn(known, input.movedTerms) && !input.zoneChanged) continue;
    const [termId, ...furtherTermIds] = input.byDate(termsOf(known).filter((id) => !input.endedTerms.has(id)));
    if (termId === undefined) {
      cancel(plan, known);
      plan.tally.ended += 1;
      continue;
    }
    const write = { ...known, termId, furtherTermIds };
    if (!sameTerms(known, write)) {
      plan.known.set(write.sourcedId, write);
      plan.update.push(write);
      plan.tally.changed += 1;
    }
    plan.replan.push({ section: write, meetings: known.meetings, isNew: false });
  }
  return plan;
}

function termsOf(section: Pick<SectionWrite, "termId" | "furtherTermIds">): string[] {
  return [section.termId, ...section.furtherTermIds];
}

function isHeldIn(section: SectionWrite, terms: ReadonlySet<string>): boolean {
  return termsOf(section).some((id) => terms.has(id));
}

function sameTerms(one: SectionWrite, other: SectionWrite): boolean {
  return termsOf(one).join(" ") === termsOf(other).join(" ");
}

function cancel(plan: SectionPlan, known: StoredSection): void {
  const write = { ...known, cancelled: true };
  plan.update.push(write);
  plan.replan.push({ section: write, meetings: [], isNew: false });
}

function sectionWrite(section: ImportedSection, known: StoredSection | undefined, now: Date): SectionWrite {
  const capacity = section.capacity ?? known?.capacity ?? DEFAULT_CAPACITY;
  return {
    id: known?.id ?? newId(now.getTime()),
    sourcedId: section.sourcedId,
    courseId: section.courseId,
    termId: section.termId,
    furtherTermIds: section.furtherTermIds,
    code: section.code,
    title: section.title,
    location: section.location,
    capacity,
    waitlistCapacity:
      section.waitlistCapacity ?? (section.capacity === undefined ? known?.waitlistCapacity : undefined) ?? capacity,
    weeks: section.weeks === undefined ? (known?.weeks ?? null) : section.weeks,
    cancelled: false,
  };
}

function rowDiffers(known: SectionWrite, write: SectionWrite): boolean {
  const names = [
    "courseId",
    "code",
    "title",
    "location",
    "capacity",
    "waitlistCapacity",
    "weeks",
    "cancelled",
  ] as const;
  return !sameTerms(known, write) || names.some((name) => known[name] !== write[name]);
}

function planMeetings(
  plan: SectionPlan,
  write: SectionWrite,
  section: ImportedSection,
  known: StoredSection | undefined,
  now: Date,
): { meetings: StoredMeeting[]; changed: boolean } {
  const wanted = section.meetings ?? known?.meetings ?? [];
  const stored = new Map(known?.meetings.map((meeting) => [`${meeting.day} ${meeting.startMinute}`, meeting]));
  let changed = false;
  const meetings = wanted.map((meeting): StoredMeeting => {
    const { day, startMinute, endMinute } = meeting;
    const same = stored.get(`${day} ${startMinute}`);
    stored.delete(`${day} ${startMinute}`);
    const row = { id: same?.id ?? newId(now.getTime()), day, startMinute, endMinute, location: section.location };
    if (!same) plan.createMeetings.push({ ...row, sectionId: write.id });
    else if (same.endMinute !== endMinute || same.location !== row.location)
      plan.updateMeetings.push({ ...row, sectionId: write.id });
    else return row;
    changed = true;
    return row;
  });
  for (const gone of stored.values()) plan.removeMeetings.push(gone.id);
  return { meetings, changed: changed || stored.size > 0 };
}
