import { audit } from "@/lib/platform/db/audit";
import { db, transaction, type Db } from "@/lib/platform/db/client";
import { counter } from "@/lib/platform/runtime/metrics";
import type { Context } from "@/lib/shared/context";
import { AppError } from "@/lib/shared/errors";
import { hasSecondFactor, proveCode } from "../factors/prove-code";
import { deferRehash } from "../credentials/own-hash";
import { isOutdatedHash } from "../credentials/passwords";
import { verifyCounted } from "../limits/sign-in-tries";
import { refuseWherePasswordsAreOff } from "../sso/passwords-off";
import { personName } from "../people/people";
import type { LoginInput, SignedInUser } from "../schema";
import { openSession, type SessionTokens } from "./sessions";
import { say } from "@/lib/shared/say";

export type SignedIn = {
  tokens: SessionTokens;
  user: SignedInUser;
  /** The password was given by an import: its person should choose one of their own. */
  hasInitialPassword: boolean;
};

/**
 * Signs a person in by email and password and opens a session. Unknown user, wrong password, no password yet and an
 * ended account are one error, `invalid_credentials`, and take the same time; after too many of them, `too_many_attempts`. Whose school
 * has turned passwords off is told so (`password_sign_in_off`) when the password is right. A password hash that a whole import shares
 * (or one with old parameters) is replaced by the person's own soon after, while the password is at hand.
 *
 * Who has a second factor gives its code too; a wrong one is `invalid_credentials` as well. Without one it is `withoutCode` that
 * decides what a right password leads to: by default the error `second_factor_required`.
 */
export async function signIn<T = never>(
  ctx: Omit<Context, "actor">,
  input: LoginInput,
  client: Db = db(),
  withoutCode: (owner: { userId: string; passwordHash: string }) => Promise<T> = askForCode,
): Promise<SignedIn | T> {
  const user = await client.user.findUnique({
    where: { email: input.email },
    select: {
      id: true,
      schoolId: true,
      email: true,
      givenName: true,
      familyName: true,
      roles: true,
      passwordHash: true,
      passwordShared: true,
      passwordInitial: true,
    },
  });
  const matches = await verifyCounted(ctx, { ...input, user }, client);
  const outcomes = counter("campus_identity_sign_ins_total", "Sign-ins by outcome", ["outcome"]);
  const refuse = (): never => {
    outcomes.inc({ outcome: "refused" });
    throw new AppError("invalid_credentials", { detail: say("detail.checkBoth") });
  };
  if (!user?.passwordHash || !matches) return refuse();
  await refuseWherePasswordsAreOff(user, client);
  if (await hasSecondFactor(client, user.id)) {
    const owner = { userId: user.id, schoolId: user.schoolId, passwordHash: user.passwordHash };
    if (input.code === undefined) return withoutCode(owner);
    if (!(await proveCode(ctx, owner, input.code, client))) return refuse();
  }
  const tokens = await transaction(async (tx) => {
    const opened = await openSession(tx, user.id, ctx.now, user.passwordHash, ctx.userAgent);
    if (!opened) return null;
    await audit(tx, { ...ctx, actor: { userId: user.id, schoolId: user.schoolId } }, [
      { action: "identity.signed_in", objectType: "session", objectId: opened.sessionId },
    ]);
    return opened;
  }, client);
  if (!tokens) {
    // By now there may be another hash of the same password (see below), or a new password: then look again.
    const person = await client.user.findUnique({
      where: { id: user.id, active: true },
      select: { passwordHash: true },
    });
    if (person?.passwordHash && person.passwordHash !== user.passwordHash)
      return signIn(ctx, input, client, withoutCode);
    return refuse();
  }
  if (user.passwordShared || isOutdatedHash(user.passwordHash))
    deferRehash({ userId: user.id, passwordHash: user.passwordHash }, input.password, client);
  outcomes.inc({ outcome: "signed_in" });
  const { id, email, roles, schoolId } = user;
  return {
    tokens,
    user: { id, name: personName(user), email, roles, schoolId },
    hasInitialPassword: user.passwordInitial,
  };
}

function askForCode(): Promise<never> {
  return Promise.reject(new AppError("second_factor_required", { detail: say("detail.sendCode") }));
}
