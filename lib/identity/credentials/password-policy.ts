import { MAX_PASSWORD_LENGTH, passwordLength } from "../schema";

const MIN_LENGTH = 8;

// What lists of broken-into accounts begin with, among passwords long enough to pass the length rule.
const COMMON = new Set(
  `12345678 123456789 1234567890 123123123 11111111 111111111 00000000 12341234 87654321 987654321 0987654321
  password password1 password12 password123 passw0rd p@ssw0rd p@ssword qwertyui qwertyuiop qwerty12 qwerty123 1q2w3e4r
  1q2w3e4r5t 1qaz2wsx zaq12wsx asdfghjk asdfghjkl zxcvbnm1 abcd1234 abc12345 a1b2c3d4 iloveyou iloveyou1 sunshine
  princess football football1 baseball superman trustno1 whatever starwars computer michelle jennifer
  samantha victoria liverpool charlie1 welcome1 welcome123 letmein1 letmein123 changeme changeme1 admin123
  administrator student1 student123 teacher1 teacher123 schoolschool school123 campusos campusos1 google123 dragon123
  monkey123 master123 shadow123 internet samsung1 pokemon1 minecraft fortnite`.split(/\s+/),
);

export type PasswordProblem = "tooShort" | "tooLong" | "tooCommon";

/**
 * What is wrong with a new password, or null. Length and guessability only (NIST SP 800-63B-4 §3.1.1.2): no rules about
 * kinds of characters, which make passwords worse. `email` is the account's own.
 */
export function passwordProblem(password: string, email: string): PasswordProblem | null {
  const length = passwordLength(password);
  if (length < MIN_LENGTH) return "tooShort";
  if (length > MAX_PASSWORD_LENGTH) return "tooLong";
  const plain = password.trim().toLowerCase();
  const name = email.toLowerCase().split("@")[0] ?? "";
  const isOwnName = plain === email.toLowerCase() || (name.length >= 4 && plain.replace(/[^\p{L}]+/gu, "") === name);
  return isOwnName || COMMON.has(plain) || new Set(plain).size <= 2 ? "tooCommon" : null;
}
