import { z } from "zod";
import { cache } from "@/lib/platform/cache/cache";
import { db, type Db } from "@/lib/platform/db/client";
import type { Context } from "@/lib/shared/context";
import { AppError } from "@/lib/shared/errors";
import { personName } from "./people";
import { me, type Me } from "../schema";
import { say } from "@/lib/shared/say";

/** Long enough to spare most pages the query, short enough that a corrected name is seen while one still looks. */
const CACHED_FOR_MS = 30_000;

/**
 * The signed-in person with the school, from the session cache or the database. What may be done is never decided by
 * it: that is the access token and the list of revoked sessions. Throws `session_revoked` when the person is gone.
 */
export async function getMe(ctx: Pick<Context, "actor">, client: Db = db()): Promise<Me> {
  const key = `session:${ctx.actor.sessionId}`;
  const kept = cachedMe.safeParse(await cache().get(key));
  if (kept.success && kept.data.id === ctx.actor.userId) return kept.data;
  const user = await client.user.findFirst({
    where: { id: ctx.actor.userId, schoolId: ctx.actor.schoolId, active: true },
    select: {
      id: true,
      givenName: true,
      familyName: true,
      email: true,
      roles: true,
      locale: true,
      school: { select: { id: true, name: true, timeZone: true, locale: true } },
    },
  });
  if (!user) throw new AppError("session_revoked", { detail: say("detail.signInAgain") });
  const { id, email, roles, locale, school } = user;
  const person: Me = { id, name: personName(user), email, roles, locale, school };
  await cache().set(key, JSON.stringify(person), CACHED_FOR_MS);
  return person;
}

const cachedMe = z
  .string()
  .transform((text, issue) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      issue.addIssue("not JSON");
      return z.NEVER;
    }
  })
  .pipe(me);
