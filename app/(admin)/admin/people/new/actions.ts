"use server";

import { getTranslations } from "next-intl/server";
import { addPerson, type WayIn } from "@/lib/identity/office/let-in";
import { addPersonInput } from "@/lib/identity/office/schema";
import { ROLES, type Role } from "@/lib/shared/context";
import { action, proveFirst } from "@/lib/web/page/action";
import { formArgument } from "@/lib/web/page/form-argument";

/** What the form shows after it was sent: what was typed with what to mend, or the person with their link. */
export type AddPersonState = {
  values: { givenName: string; familyName: string; email: string; roles: Role[] };
  errors: { field?: (typeof FIELDS)[number]; message: string }[];
  added: (WayIn & { personId: string }) | null;
};

const FIELDS = ["givenName", "familyName", "email", "roles"] as const;

const add = action({ name: "addPerson", roles: ["ADMIN"], input: addPersonInput }, addPerson);

/** Adds a person and shows their link, once; or says what to mend. */
export async function addPersonAction(_before: AddPersonState, form: FormData): Promise<AddPersonState> {
  const fields = formArgument(form);
  const text = (name: string) => String(fields.get(name) ?? "").slice(0, 320);
  const values = {
    givenName: text("givenName"),
    familyName: text("familyName"),
    email: text("email"),
    roles: ROLES.filter((role) => fields.getAll("roles").includes(role)),
  };
  const outcome = await add(form);
  proveFirst(outcome, "/admin/people/new");
  if (outcome.status === "done") return { values, errors: [], added: outcome.data };
  const t = await getTranslations("people.add");
  const wrong = outcome.status === "failed" ? outcome.errors : [];
  const isTaken = wrong.some(({ code }) => code === "emailTaken");
  const errors = FIELDS.filter((field) => wrong.some(({ path }) => path.split(".")[0] === field)).map((field) => ({
    field,
    message: t(field === "email" && isTaken ? "problem.emailTaken" : `problem.${field}`),
  }));
  return { values, added: null, errors: errors.length > 0 ? errors : [{ message: t("failed") }] };
}
