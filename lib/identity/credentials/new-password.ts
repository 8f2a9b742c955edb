import { db, type Db } from "@/lib/platform/db/client";
import { AppError } from "@/lib/shared/errors";
import { say, type Sentence } from "@/lib/shared/say";
import { hasSecondFactor } from "../factors/prove-code";
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
  return passwordRules(person, school, await hasSecondFactor(client, userId));
}

/** Throws `invalid_request` for a new password that the rules refuse; {@link refusedPassword} reads why. */
export async function refuseBadPassword(password: string, rules: PasswordRules): Promise<void> {
  const problem = await passwordProblem(password, rules);
  if (problem) throw refuseField("password", problem, messageOf(problem, rules));
}

/** The error of a form in which a password is set: which field, why, and how to mend it. */
export function refuseField(path: "password" | "current", code: Refusal, message: Sentence): AppError {
  return new AppError("invalid_request", { detail: say("detail.otherPassword"), errors: [{ path, code, message }] });
}

const REFUSALS = [...PASSWORD_PROBLEMS, "same", "wrong"] as const;
export type Refusal = (typeof REFUSALS)[number];

/** Which field was refused and why, with the numbers that belong to it; null for another error. */
export function refusedPassword(error: AppError): { field: string; why: Refusal; values: Sentence["values"] } | null {
  const [field] = error.errors ?? [];
  const why = REFUSALS.find((code) => code === field?.code);
  return field && why ? { field: field.path, why, values: field.message.values } : null;
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
