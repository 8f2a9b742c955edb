import { findSections, sectionsByIds } from "@/lib/catalog/sections/sections";
import { type Db, db } from "@/lib/platform/db/client";
import { hasRole } from "@/lib/shared/access";
import type { Context } from "@/lib/shared/context";
import { AppError } from "@/lib/shared/errors";
import { localDateOf } from "@/lib/shared/time";
import { canDrop } from "@/lib/enrollment/registration/rules";
import { currentEnrollments } from "@/lib/enrollment/registration/own-enrollments";
import { planWeek } from "./plan-week";
import type { PlanWeek, SectionView } from "./schema";
import { viewFor } from "./section-views";
import { say } from "@/lib/shared/say";

/** More sections of one course than this are a page of the list, not a part of this one. */
const MAX_SIBLINGS = 30;

/** A section as its page shows it. */
export type SectionPageView = SectionView & {
  canDrop: boolean;
  timeZone: string;
  /** What the course is about; null: the roster does not say. */
  description: string | null;
  /** The course's other sections, by code; those that can be taken now are open and have no blockers. */
  siblings: SectionView[];
  /** The student's week, in hours that hold this section. */
  week: PlanWeek;
};

/** One section of the caller's school as its page shows it. Three statements. Errors: `section_not_found`. */
export async function getSection(ctx: Context, input: { id: string }, client: Db = db()): Promise<SectionPageView> {
  const { schoolId } = ctx.actor;
  const section = (await sectionsByIds(client, schoolId, [input.id])).get(input.id);
  if (!section) throw new AppError("section_not_found", { detail: say("detail.checkSection") });
  const scope = { schoolId, now: ctx.now };
  const [own, siblings] = await Promise.all([
    hasRole(ctx, "STUDENT") ? currentEnrollments(client, ctx.actor, { now: ctx.now, since: section.termStartsOn }) : [],
    findSections(client, scope, { courseId: section.courseId }, { limit: MAX_SIBLINGS + 1 }),
  ]);
  const view = viewFor(ctx, section, own);
  return {
    ...view,
    canDrop: view.enrollmentId !== null && canDrop(section, ctx.now),
    timeZone: section.timeZone,
    description: section.courseDescription,
    siblings: siblings.rows.filter(({ id }) => id !== section.id).map((row) => viewFor(ctx, row, own)),
    week: planWeek(own, [section], localDateOf(ctx.now, section.timeZone)),
  };
}
