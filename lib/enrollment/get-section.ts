import { sectionsByIds } from "@/lib/catalog/sections";
import { type Db, db } from "@/lib/platform/db";
import type { Context } from "@/lib/shared/context";
import { AppError } from "@/lib/shared/errors";
import { isStudent } from "./access";
import { canDrop } from "./rules";
import { liveEnrollments } from "./own-enrollments";
import type { SectionView } from "./schema";
import { viewFor } from "./section-views";

/** One section of the caller's school as its page shows it. Errors: `section_not_found`. */
export async function getSection(
  ctx: Context,
  input: { id: string },
  client: Db = db(),
): Promise<SectionView & { canDrop: boolean; timeZone: string }> {
  const { userId, schoolId } = ctx.actor;
  const section = (await sectionsByIds(client, schoolId, [input.id])).get(input.id);
  if (!section) throw new AppError("section_not_found", { detail: "Check the section id." });
  const own = isStudent(ctx) ? ((await liveEnrollments(client, [userId])).get(userId) ?? []) : [];
  const view = viewFor(ctx, section, own);
  return { ...view, canDrop: view.enrollmentId !== null && canDrop(section, ctx.now), timeZone: section.timeZone };
}
