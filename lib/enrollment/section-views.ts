import type { Blocker, SectionDto } from "@/lib/catalog/schema";
import { sectionDto, type SectionRecord } from "@/lib/catalog/sections";
import { termWeeks } from "@/lib/catalog/schedule";
import type { Context } from "@/lib/shared/context";
import { isStudent } from "./access";
import { blockersOf, conflictOf, type OwnEnrollment, sameCourse } from "./rules";
import type { SectionView } from "./schema";

/**
 * Every reason why this caller would not get the section now. For people who are not students only the section's own
 * reasons stay (closed, full): they have no timetable that it could overlap.
 */
export function sectionFor(ctx: Context, section: SectionRecord, own: readonly OwnEnrollment[]): SectionDto {
  const blockers: Blocker[] = blockersOf(section, isStudent(ctx) ? own : [], ctx.now);
  return sectionDto(section, blockers, ctx.now);
}

/** The section as a page shows it to this person, with the names of what stands against it. */
export function viewFor(ctx: Context, section: SectionRecord, own: readonly OwnEnrollment[]): SectionView {
  const mine = own.find((other) => other.sectionId === section.id);
  const same = sameCourse(section, own);
  return {
    section: sectionFor(ctx, section, own),
    title: section.title,
    seatsTaken: section.seatsTaken,
    enrollmentId: mine?.enrollmentId ?? null,
    conflict: conflictOf(section, own),
    sameCourseAs: same && same.sectionId !== section.id ? { sectionId: same.sectionId, code: same.code } : null,
    weeks: weeksOf(section),
    opensAt: section.opensAt?.toISOString() ?? null,
    closesAt: section.closesAt?.toISOString() ?? null,
  };
}

function weeksOf(section: SectionRecord): SectionView["weeks"] {
  if (section.weeks === null) return null;
  const all = termWeeks(section);
  const on = [...section.weeks].slice(0, all).filter((mark) => mark === "1").length;
  return on === all ? null : { on, all };
}
