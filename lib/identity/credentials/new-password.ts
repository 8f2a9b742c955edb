import { db, type Db } from "@/lib/platform/db/client";
import { AppError } from "@/lib/shared/errors";
import { say, type Sentence } from "@/lib/shared/say";
import { MAX_PASSWORD_LENGTH } from "../schema";
import {
  PASSWORD_PROBLEMS,
  passwordProblem,
  type PasswordProblem,
  passwordRules,
  type PasswordRules,
} from "./password-policy";

/** What a new password of this person is held against; for somebody who exists. */
export async function passwordRulesOf(userId: string, client: Db = db()): Promise<PasswordRules> {
  const { school, ...person } = await client.user.findUniqueOrThrow({
    where: { id: userId },
    select: {
      givenName: true,
      familyName: true,
      email: true,
      roles: true,
      school: { select: { name: true, passwordMinLength: true } },
    },
  });
  return passwordRules(person, school);
}

/** Throws `invalid_request` for a new password that the rules refuse; {@link refusedPassword} reads why. */
export async function refuseBadPassword(password: string, rules: PasswordRules): Promise<void> {
  const problem = await passwordProblem(password, rules);
  if (problem)
    throw new AppError("invalid_request", {
      detail: say("detail.otherPassword"),
      errors: [{ path: "password", code: problem, message: messageOf(problem, rules) }],
    });
}

/** Why a new password was refused, with the numbers that belong to it; null for another error. */
export function refusedPassword(error: AppError): { problem: PasswordProblem; values: Sentence["values"] } | null {
  const [field] = error.errors ?? [];
  const problem = PASSWORD_PROBLEMS.find((code) => field?.path === "password" && code === field.code);
  return problem ? { problem, values: field?.message.values } : null;
}

function messageOf(problem: PasswordProblem, { least }: PasswordRules): Sentence {
  switch (problem) {
    case "tooShort":
      return say("field.passwordTooShort", { least });
    case "tooLong":
      return say("field.passwordTooLong", { most: MAX_PASSWORD_LENGTH });
    case "tooCommon":
      return say("field.passwordTooCommon");
    case "ownWords":
      return say("field.passwordOwnWords");
  }
}
