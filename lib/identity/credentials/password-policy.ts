import { fold } from "@/lib/shared/fold";
import type { Role } from "@/lib/shared/context";
import { MAX_PASSWORD_LENGTH, passwordLength } from "../schema";
import { isCommonPassword } from "./common-passwords";

/** Beside a second factor a password guards less by itself (NIST SP 800-63B-4 §3.1.1.2). */
const LEAST_WITH_SECOND_FACTOR = 8;
const LEAST_OF_STAFF = 15;
/** So much must be left of a password without the person's own words. */
const LEAST_BESIDE_OWN_WORDS = 5;

export const PASSWORD_PROBLEMS = ["tooShort", "tooLong", "tooCommon", "ownWords"] as const;
export type PasswordProblem = (typeof PASSWORD_PROBLEMS)[number];

/** What a new password of one person is held against. */
export type PasswordRules = {
  /** In code points. */
  least: number;
  /** Parts of the person's name and address and of the school's name, folded. */
  ownWords: readonly string[];
};

/** The rules for a person. `secondFactor`: signing in asks for one besides the password. */
export function passwordRules(
  person: { givenName: string; familyName: string; email: string; roles: readonly Role[] },
  school: { name: string; passwordMinLength: number },
  secondFactor = false,
): PasswordRules {
  const isStaff = person.roles.includes("TEACHER") || person.roles.includes("ADMIN");
  const usual = isStaff ? Math.max(LEAST_OF_STAFF, school.passwordMinLength) : school.passwordMinLength;
  const { givenName, familyName, email } = person;
  // A name of three letters is somebody's own; an ending such as "com" is nobody's.
  const ownWords = new Set([...wordsIn([givenName, familyName], 3), ...wordsIn([email, school.name], 4)]);
  return { least: secondFactor ? LEAST_WITH_SECOND_FACTOR : usual, ownWords: [...ownWords] };
}

function wordsIn(texts: readonly string[], least: number): string[] {
  return texts.flatMap((text) => fold(text).split(/[^\p{L}\p{N}]+/u)).filter((word) => word.length >= least);
}

/**
 * What is wrong with a new password, or null. Length and guessability only (NIST SP 800-63B-4 §3.1.1.2): no rules about
 * kinds of characters, which make passwords worse. It is asked of new passwords alone: one that was set before signs in.
 */
export async function passwordProblem(
  password: string,
  { least, ownWords }: PasswordRules,
): Promise<PasswordProblem | null> {
  const length = passwordLength(password);
  if (length < least) return "tooShort";
  if (length > MAX_PASSWORD_LENGTH) return "tooLong";
  const rest = withoutWords(fold(password), ownWords);
  if (rest !== null) {
    const letters = rest.replace(/[^\p{L}]+/gu, "");
    if (letters.length < LEAST_BESIDE_OWN_WORDS || (await isCommonPassword(rest))) return "ownWords";
  }
  return (await isCommonPassword(password)) ? "tooCommon" : null;
}

/** What is left of a text without these words, the longest first; null: none of them is in it. */
function withoutWords(text: string, words: readonly string[]): string | null {
  let rest = text;
  for (const word of words.toSorted((a, b) => b.length - a.length)) rest = rest.replaceAll(word, "");
  return rest === text ? null : rest;
}
