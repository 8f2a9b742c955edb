import { audit } from "@/lib/platform/db/audit";
import { db, transaction, type Db } from "@/lib/platform/db/client";
import type { Context } from "@/lib/shared/context";
import { AppError } from "@/lib/shared/errors";
import { saveChoices } from "../../../preferences/save-preferences";
import { CATEGORIES, type Category } from "../../../schema";
import { readUnsubscribeToken } from "./unsubscribe-token";
import { say } from "@/lib/shared/say";

/** What a link would end; null: it is none of ours. Reads nothing: whoever has the link may see no more than it says. */
export function unsubscribeOf(token: string): Category | "all" | null {
  return readUnsubscribeToken(token)?.category ?? null;
}

/**
 * Ends mail about a category, or all mail, for the person that the link was sent to, signed in or not; twice is as once.
 * What waits is not mailed any more. `not_found` for a link that is not ours, or of somebody who is gone.
 */
export async function unsubscribe(
  call: Omit<Context, "actor">,
  { token }: { token: string },
  client: Db = db(),
): Promise<void> {
  const wanted = readUnsubscribeToken(token);
  if (!wanted) throw new AppError("not_found", { detail: say("detail.linkIncomplete") });
  const { userId, category } = wanted;
  const categories = category === "all" ? CATEGORIES : [category];
  await transaction(async (tx) => {
    const person = await tx.user.findUnique({ where: { id: userId }, select: { schoolId: true, active: true } });
    if (!person?.active) throw new AppError("not_found", { detail: say("detail.linkOfNobody") });
    const changes = categories.map((each) => ({ category: each, channel: "email" as const, enabled: false }));
    await saveChoices(tx, userId, changes);
    await audit(tx, { ...call, actor: { userId, schoolId: person.schoolId } }, [
      { action: "notification.unsubscribed", objectType: "user", objectId: userId, details: { category } },
    ]);
  }, client);
}
