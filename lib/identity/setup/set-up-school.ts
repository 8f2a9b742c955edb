import { audit } from "@/lib/platform/db/audit";
import { db, transaction, type Db } from "@/lib/platform/db/client";
import type { Context } from "@/lib/shared/context";
import { newId } from "@/lib/shared/ids";
import type { SetUpSchoolInput } from "../schema";
import { beginSetupStep, openSetup } from "./setup-link";

/**
 * First step of a set-up: names the school, or changes what was said before. Its sourcedId is its own until a roster brings the
 * real one. Its administrators and teachers must have a second factor, which the office can change. Throws `not_found` for a link that does not work any more, `too_many_attempts`
 * for whoever tries links.
 */
export async function setUpSchool(
  ctx: Omit<Context, "actor">,
  { token, ...said }: SetUpSchoolInput,
  client: Db = db(),
): Promise<void> {
  await openSetup(ctx, token, client);
  await transaction(async (tx) => {
    const before = await beginSetupStep(tx, token);
    const id = before?.id ?? newId(ctx.now.getTime());
    if (before) await tx.school.update({ where: { id }, data: { ...said, ownName: true }, select: { id: true } });
    else
      await tx.school.create({
        data: {
          id,
          sourcedId: `setup:${id}`,
          awaitsRoster: true,
          ownName: true,
          factorRoles: ["ADMIN", "TEACHER"],
          ...said,
          createdAt: ctx.now,
        },
        select: { id: true },
      });
    const details = { timeZone: said.timeZone, locale: said.locale };
    await audit(tx, { ...ctx, actor: { userId: null, schoolId: id } }, [
      { action: "school.set_up", objectType: "school", objectId: id, details },
    ]);
  }, client);
}
