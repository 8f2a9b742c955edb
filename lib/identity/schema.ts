import { z } from "zod";
import { idSchema, roleSchema, textSchema } from "@/lib/shared/schema";
import { sayIn } from "@/lib/shared/say";
import { isTimeZone } from "@/lib/shared/time";

/** An email as it is stored and looked up. */
export function normalEmail(text: string): string {
  return text.trim().toLowerCase();
}

const MAX_EMAIL_LENGTH = 320;
export const MAX_PASSWORD_LENGTH = 1024;
/** Room for a recovery code however it is typed. */
export const MAX_CODE_LENGTH = 64;

/** How long a password is: in code points, one rule for setting it and for signing in with it. */
export function passwordLength(password: string): number {
  return [...password].length;
}

export const loginInput = z.object({
  email: textSchema(MAX_EMAIL_LENGTH)
    .pipe(z.string().min(1, sayIn("field.email")))
    .transform(normalEmail)
    .meta({ minLength: 1, maxLength: MAX_EMAIL_LENGTH }),
  password: z
    .string()
    .min(1, sayIn("field.passwordMissing"))
    .refine(
      (password) => passwordLength(password) <= MAX_PASSWORD_LENGTH,
      sayIn("field.atMostCharacters", { most: MAX_PASSWORD_LENGTH }),
    )
    .meta({ maxLength: MAX_PASSWORD_LENGTH }),
  /** Of the second factor, for who has one: six digits of the authenticator app, or a recovery code. */
  code: textSchema(MAX_CODE_LENGTH).optional(),
});
export type LoginInput = z.output<typeof loginInput>;

/** Whose password is forgotten. */
export const forgotInput = loginInput.pick({ email: true });

export const refreshInput = z.object({ refreshToken: z.string().min(1).max(512) });

export const signedInUser = z.object({
  id: idSchema,
  name: z.string(),
  email: z.string(),
  roles: z.array(roleSchema),
  schoolId: idSchema,
});
export type SignedInUser = z.output<typeof signedInUser>;

export const tokenPair = z.object({
  tokenType: z.literal("Bearer"),
  accessToken: z.string(),
  /** Seconds. */
  expiresIn: z.number().int(),
  refreshToken: z.string(),
  /** Seconds. */
  refreshExpiresIn: z.number().int(),
});
export type TokenPair = z.output<typeof tokenPair>;

export const loginAnswer = tokenPair.extend({ user: signedInUser });
export const refreshAnswer = tokenPair;

export const me = z.object({
  id: idSchema,
  name: z.string(),
  email: z.string(),
  roles: z.array(roleSchema),
  /** BCP 47; null: the school's. */
  locale: z.string().nullable(),
  school: z.object({ id: idSchema, name: z.string(), timeZone: z.string(), locale: z.string() }),
});
export type Me = z.output<typeof me>;

/** The longest a school may wait between finishing a class and alerting guardians. */
export const MAX_ALERT_GRACE_SECONDS = 3600;

/** What a school may ask of the length of a new password. */
export const PASSWORD_LENGTH_RANGE = { least: 8, most: 64 } as const;

/** The least length of a new password of a student or guardian. */
export const passwordLengthInput = z.object({
  passwordMinLength: z
    .string()
    .trim()
    .regex(/^\d{1,3}$/, sayIn("field.invalid"))
    .transform(Number)
    .pipe(z.int().min(PASSWORD_LENGTH_RANGE.least).max(PASSWORD_LENGTH_RANGE.most)),
});
export type PasswordLengthInput = z.output<typeof passwordLengthInput>;

/** Whether passwords may be used beside signing in elsewhere. */
export const passwordsAllowedInput = z.object({
  passwordsAllowed: z.enum(["true", "false"]).transform((value) => value === "true"),
});
export type PasswordsAllowedInput = z.output<typeof passwordsAllowedInput>;
/** How long a school may let its people do without the second factor that it asks for. */
export const MAX_FACTOR_GRACE_DAYS = 90;

/** Who must have a second factor; a form of boxes, of which one is a text and several are a list. */
export const factorRuleInput = z.object({
  factorRoles: z.preprocess(
    (value) => (value === undefined ? [] : Array.isArray(value) ? value : [value]),
    z.array(roleSchema),
  ),
  factorGraceDays: z
    .string()
    .trim()
    .regex(/^\d{1,3}$/, sayIn("field.invalid"))
    .transform(Number)
    .pipe(z.int().min(0).max(MAX_FACTOR_GRACE_DAYS)),
});
export type FactorRuleInput = z.output<typeof factorRuleInput>;

/** Seconds of grace; empty or null: as this installation is configured. */
export const alertGraceInput = z.object({
  alertGraceSeconds: z.preprocess(
    (value) => (typeof value === "string" ? (value.trim() === "" ? null : Number(value)) : value),
    z
      .int(sayIn("field.wholeSeconds"))
      .min(0, sayIn("field.secondsUpTo", { most: MAX_ALERT_GRACE_SECONDS }))
      .max(MAX_ALERT_GRACE_SECONDS, sayIn("field.secondsUpTo", { most: MAX_ALERT_GRACE_SECONDS }))
      .nullable(),
  ),
});
export type AlertGraceInput = z.output<typeof alertGraceInput>;

const MAX_NAME_LENGTH = 200;
const nameSchema = textSchema(MAX_NAME_LENGTH).pipe(z.string().min(1, sayIn("field.notEmpty")));
const setupToken = z.string().min(1).max(200);

/** A school as its set-up names it. */
export const setUpSchoolInput = z.object({
  token: setupToken,
  name: nameSchema,
  timeZone: z.string().max(100).refine(isTimeZone, sayIn("field.timeZone")),
  /** BCP 47; one that has no catalogue is read as the first that has. */
  locale: z
    .string()
    .max(35)
    .regex(/^[a-z]{2,3}(?:-[a-z\d]{2,8})*$/i, sayIn("field.language")),
});
export type SetUpSchoolInput = z.output<typeof setUpSchoolInput>;

export const firstAdministratorInput = loginInput.omit({ code: true }).extend({
  token: setupToken,
  givenName: nameSchema,
  familyName: nameSchema,
  email: loginInput.shape.email.pipe(z.email(sayIn("field.email"))),
});
export type FirstAdministratorInput = z.output<typeof firstAdministratorInput>;

/** The name of somebody whom no roster names. */
export const changeNameInput = z.object({ givenName: nameSchema, familyName: textSchema(MAX_NAME_LENGTH) });
export type ChangeNameInput = z.output<typeof changeNameInput>;

/** Another e-mail address, with the password. */
export const changeEmailInput = z.object({
  email: firstAdministratorInput.shape.email,
  current: loginInput.shape.password,
});
export type ChangeEmailInput = z.output<typeof changeEmailInput>;

/** BCP 47, empty for the school's. */
export const chooseLocaleInput = z.object({
  locale: z.preprocess((value) => (value === "" ? null : value), setUpSchoolInput.shape.locale.nullable()),
});
export type ChooseLocaleInput = z.output<typeof chooseLocaleInput>;
