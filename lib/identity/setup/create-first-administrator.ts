import { audit } from "@/lib/platform/db/audit";
import { db, transaction, violatedConstraint, type Db } from "@/lib/platform/db/client";
import type { Context } from "@/lib/shared/context";
import { AppError } from "@/lib/shared/errors";
import { newId } from "@/lib/shared/ids";
import { say, type Sentence } from "@/lib/shared/say";
import { refuseBadPassword } from "../credentials/new-password";
import { passwordRules } from "../credentials/password-policy";
import { hashPassword } from "../credentials/passwords";
import type { FirstAdministratorInput } from "../schema";
import { openSession, type SessionTokens } from "../sessions/sessions";
import { beginSetupStep, endSetupLinks, openSetup } from "./setup-link";

/**
 * Second step of a set-up: makes the first administrator, signs them in, and ends the set-up link; of two presses at once one
 * wins. Throws `not_found` for a link that does not work (any more), `too_many_attempts` for whoever tries links, and
 * `invalid_request` for a password that is refused (`refusedPassword` reads why), an e-mail address that somebody has
 * (`emailTaken`), or while the school has no name (`schoolFirst`).
 */
export async function createFirstAdministrator(
  ctx: Omit<Context, "actor">,
  input: FirstAdministratorInput,
  client: Db = db(),
): Promise<SessionTokens> {
  const { token, email, givenName, familyName, password } = input;
  // Looked at before a password is hashed for whoever has no link, and again where it counts.
  const setup = await openSetup(ctx, token, client);
  if (!setup.school) throw refusedField("school", "schoolFirst", say("detail.schoolFirst"));
  const person = { givenName, familyName, email, roles: ["ADMIN" as const] };
  await refuseBadPassword(password, passwordRules(person, setup.school));
  const passwordHash = await hashPassword(password);
  try {
    return await transaction(async (tx) => {
      const school = await beginSetupStep(tx, token);
      if (!school) throw refusedField("school", "schoolFirst", say("detail.schoolFirst"));
      const schoolId = school.id;
      const id = newId(ctx.now.getTime());
      await tx.user.create({
        data: { id, schoolId, email, givenName, familyName, roles: ["ADMIN"], ownRoles: ["ADMIN"], passwordHash },
        select: { id: true },
      });
      await endSetupLinks(tx);
      const opened = await openSession(tx, id, ctx.now, null, ctx.userAgent);
      if (!opened) throw new Error("the first administrator has no account");
      await audit(tx, { ...ctx, actor: { userId: id, schoolId } }, [
        { action: "identity.first_administrator_created", objectType: "user", objectId: id },
        { action: "identity.signed_in", objectType: "session", objectId: opened.sessionId },
      ]);
      return opened;
    }, client);
  } catch (error) {
    if (violatedConstraint(error) !== "app_user_email_key") throw error;
    throw refusedField("email", "emailTaken", say("field.emailTaken"));
  }
}

const refusedField = (path: string, code: string, message: Sentence) =>
  new AppError("invalid_request", { detail: message, errors: [{ path, code, message }] });
