import type { Blocker, SectionDto } from "@/lib/catalog/schema";
import { sectionDto, type SectionRecord } from "@/lib/catalog/sections/sections";
import { termWeeks } from "@/lib/catalog/sections/schedule";
import { hasRole } from "@/lib/shared/access";
import type { Context } from "@/lib/shared/context";
import { blockersOf, conflictOf, type OwnEnrollment, sameCourse } from "@/lib/enrollment/registration/rules";
import type { SectionView } from "./schema";

/**
 * Every reason why this caller would not get the section now. For people who are not students only the section's own
 * reasons stay (closed, full): they have no timetable that it could overlap.
 */
export function sectionFor(ctx: Context, section: SectionRecord, own: readonly OwnEnrollment[]): SectionDto {
  const blockers: Blocker[] = blockersOf(section, hasRole(ctx, "STUDENT") ? own : [], ctx.now);
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
  const { weeks } = section;
  const all = termWeeks(section);
  const on = all.filter((week) => weeks[week] === "1").length;
  return on === all.length ? null : { on, all: all.length };
}
