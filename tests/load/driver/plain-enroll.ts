// What enrolling would be without the queue: one request, one transaction. It stands here to be measured against, and
// nowhere in the product.
import { moveSeats } from "@/lib/catalog/sections/seats";
import { decide, type RegistrationOutcome, type RegistrationRequest } from "@/lib/enrollment/registration/decide";
import { standingsOf } from "@/lib/enrollment/registration/own-enrollments";
import { audit } from "@/lib/platform/db/audit";
import { type Db, transaction } from "@/lib/platform/db/client";
import { lockTogether } from "@/lib/platform/db/locks";
import { appendEvents } from "@/lib/platform/events/log/outbox";

/**
 * Enrolls in a transaction of its own, written as any other use-case is: the same locks, rules, guarded seat, rows, audit
 * and event as `enroll`, a statement each.
 */
export function plainEnroll(request: RegistrationRequest, client: Db): Promise<RegistrationOutcome> {
  const { ctx, sectionId, enrollmentId } = request;
  const { userId: studentId, schoolId } = ctx.actor;
  return transaction(async (tx) => {
    await lockTogether(tx, [
      ["section", [sectionId]],
      ["student", [studentId]],
    ]);
    const standings = await standingsOf(tx, [{ sectionId, studentId, schoolId }]);
    const { outcomes, granted, seats } = decide([request], { standings, live: new Map() });
    const [outcome] = outcomes;
    if (!outcome) throw new Error("a request without an outcome");
    for (const { section } of granted) {
      const moved = await tx.$queryRaw<unknown[]>(moveSeats(seats));
      if (moved.length === 0) throw new Error("the seats moved under their lock");
      await tx.enrollment.create({
        data: {
          id: enrollmentId,
          schoolId,
          sectionId,
          studentId,
          courseId: section.courseId,
          termId: section.termId,
          status: "ENROLLED",
          origin: "SELF",
          enrolledAt: ctx.now,
          countsFrom: ctx.now,
        },
        select: { id: true },
      });
      await audit(tx, ctx, [
        { action: "enrollment.enrolled", objectType: "enrollment", objectId: enrollmentId, details: { sectionId } },
      ]);
      await appendEvents(tx, ctx.now, [
        {
          type: "student_enrolled",
          key: sectionId,
          data: {
            enrollmentId,
            studentId,
            sectionId,
            sectionCode: section.code,
            sectionTitle: section.title,
            schoolId,
            status: "ENROLLED",
          },
        },
      ]);
    }
    return outcome;
  }, client);
}
