import { z } from "zod";
import { idSchema, roleSchema, textSchema } from "@/lib/shared/schema";
import { sayIn } from "@/lib/shared/say";
import { loginInput } from "../schema";

/**
 * How an account is: `open`, with a password; `waiting` for its first sign-in; `noEmail`, so that nobody can sign in with it;
 * `ended` by the office or disabled by a roster; `left`, deleted by a roster.
 */
export const PERSON_STATES = ["open", "waiting", "noEmail", "ended", "left"] as const;
export type PersonState = (typeof PERSON_STATES)[number];

/** What the list of people is asked for; anything that is none is left out. */
export const findPeopleInput = z.object({
  q: textSchema(200).optional().catch(undefined),
  role: roleSchema.optional().catch(undefined),
  state: z.enum(PERSON_STATES).optional().catch(undefined),
  cursor: z.string().min(1).max(1_000).optional().catch(undefined),
});
export type FindPeopleInput = z.output<typeof findPeopleInput>;

/** A person that something is done with. */
export const personInput = z.object({ personId: idSchema });
export type PersonInput = z.output<typeof personInput>;

/** A session of a person. */
export const personSessionInput = personInput.extend({ sessionId: idSchema });
export type PersonSessionInput = z.output<typeof personSessionInput>;

/** Fields of a form: one box is a text, several are a list. */
const rolesField = z.preprocess(
  (value) => (value === undefined ? [] : Array.isArray(value) ? value : [value]),
  z.array(roleSchema),
);

/** The roles that a person is to have. */
export const changeRolesInput = personInput.extend({ roles: rolesField });
export type ChangeRolesInput = z.output<typeof changeRolesInput>;

const nameField = textSchema(200);

/** Somebody whom no roster names. */
export const addPersonInput = z.object({
  givenName: nameField.pipe(z.string().min(1, sayIn("field.notEmpty"))),
  familyName: nameField,
  email: loginInput.shape.email.pipe(z.email(sayIn("field.email"))),
  roles: rolesField.pipe(z.array(roleSchema).min(1, sayIn("field.oneRole"))),
});
export type AddPersonInput = z.output<typeof addPersonInput>;

/** The areas of the log, as actions begin. */
export const LOG_AREAS = [
  "identity",
  "roster",
  "school",
  "attendance",
  "class_session",
  "enrollment",
  "calendar",
  "notification",
] as const;

/** What the log is asked for; anything that is none is left out. */
export const auditLogInput = z.object({
  area: z.enum(LOG_AREAS).optional().catch(undefined),
  cursor: z.string().min(1).max(1_000).optional().catch(undefined),
});
export type AuditLogInput = z.output<typeof auditLogInput>;
