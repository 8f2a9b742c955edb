"use client";

import { useActionState } from "react";
import { FormErrorSummary } from "@/components/patterns/forms/form-error-summary";
import { Checkbox, Fieldset } from "@/components/ui/choice";
import { TextField } from "@/components/ui/input";
import { LinkButton } from "@/components/ui/link-button";
import { SubmitButton } from "@/components/ui/submit-button";
import type { Role } from "@/lib/shared/context";
import { ShownLink, type WayInWords } from "../../_components/way-in-form";
import { addPersonAction, type AddPersonState } from "../actions";

const start: AddPersonState = {
  values: { givenName: "", familyName: "", email: "", roles: ["ADMIN"] },
  errors: [],
  added: null,
};

/** Who they are and what they may do; then the link with which they choose a password. */
export function AddPersonForm({
  school,
  roles,
  words,
}: {
  school: string;
  roles: readonly { value: Role; label: string }[];
  words: Record<"givenName" | "familyName" | "email" | "roles" | "errorSummary" | "open", string> & WayInWords;
}) {
  const [{ values, errors, added }, send] = useActionState(addPersonAction, start);
  const errorOf = (name: string) => errors.find(({ field }) => field === name)?.message;
  if (added)
    return (
      <ShownLink link={added} school={school} words={words}>
        <LinkButton href={`/admin/people/${added.personId}`}>{words.open}</LinkButton>
      </ShownLink>
    );
  return (
    <form action={send} noValidate className="grid max-w-form gap-5">
      <FormErrorSummary
        title={words.errorSummary}
        errors={errors.map(({ field, message }) => (field === undefined ? { message } : { fieldId: field, message }))}
      />
      {(["givenName", "familyName", "email"] as const).map((name) => (
        <TextField
          key={name}
          id={name}
          name={name}
          label={words[name]}
          type={name === "email" ? "email" : "text"}
          autoComplete="off"
          defaultValue={values[name]}
          error={errorOf(name)}
        />
      ))}
      <Fieldset id="roles" legend={words.roles} error={errorOf("roles")}>
        {roles.map(({ value, label }) => (
          <Checkbox
            key={value}
            name="roles"
            value={value}
            label={label}
            defaultChecked={values.roles.includes(value)}
          />
        ))}
      </Fieldset>
      <SubmitButton variant="primary" pendingLabel={words.submitting} className="justify-self-start">
        {words.submit}
      </SubmitButton>
    </form>
  );
}
