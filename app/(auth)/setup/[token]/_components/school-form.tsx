"use client";

import { useActionState, useState, useSyncExternalStore } from "react";
import { FormErrorSummary } from "@/components/patterns/forms/form-error-summary";
import { TextField } from "@/components/ui/input";
import { SelectField } from "@/components/ui/select";
import { SubmitButton } from "@/components/ui/submit-button";
import { setUpSchoolAction, type SetupState } from "../actions";

export interface SchoolFormProps {
  token: string;
  before: { name: string; timeZone: string; locale: string };
  regions: readonly { region: string; zones: readonly string[] }[];
  languages: readonly { tag: string; name: string }[];
  words: {
    name: string;
    nameHint: string;
    zone: string;
    zoneHint: string;
    chooseZone: string;
    language: string;
    submit: string;
    submitting: string;
    errorSummary: string;
  };
}

const start: SetupState = { values: {}, errors: [] };
const neverChanges = () => () => {};
const zoneOfDevice = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Name, zone and language. The zone of this device is proposed, where there is script to know it. */
export function SchoolForm({ token, before, regions, languages, words }: SchoolFormProps) {
  const [state, send] = useActionState(setUpSchoolAction, start);
  const [chosen, setChosen] = useState<string | null>(null);
  const here = useSyncExternalStore(neverChanges, zoneOfDevice, () => "");
  const proposed = regions.some(({ zones }) => zones.includes(here)) ? here : "";
  const zone = chosen ?? (before.timeZone || proposed);
  const errorOf = (name: string) => state.errors.find(({ field }) => field === name)?.message;
  return (
    <form action={send} noValidate className="grid gap-5">
      <FormErrorSummary
        title={words.errorSummary}
        errors={state.errors.map(({ field, message }) => ({ ...(field ? { fieldId: field } : {}), message }))}
      />
      <input type="hidden" name="token" value={token} />
      <TextField
        name="name"
        label={words.name}
        hint={words.nameHint}
        autoComplete="organization"
        defaultValue={state.values["name"] ?? before.name}
        error={errorOf("name")}
        required
      />
      <SelectField
        name="timeZone"
        label={words.zone}
        hint={words.zoneHint}
        value={zone}
        onChange={(event) => setChosen(event.target.value)}
        error={errorOf("timeZone")}
        required
      >
        <option value="">{words.chooseZone}</option>
        {regions.map(({ region, zones }) => (
          <optgroup key={region} label={region}>
            {zones.map((each) => (
              <option key={each} value={each}>
                {each.slice(each.indexOf("/") + 1).replaceAll("_", " ")}
              </option>
            ))}
          </optgroup>
        ))}
      </SelectField>
      {languages.length === 1 ? (
        <input type="hidden" name="locale" value={languages[0]?.tag} />
      ) : (
        <SelectField name="locale" label={words.language} defaultValue={state.values["locale"] ?? before.locale}>
          {languages.map(({ tag, name }) => (
            <option key={tag} value={tag} lang={tag}>
              {name}
            </option>
          ))}
        </SelectField>
      )}
      <SubmitButton size="lg" block pendingLabel={words.submitting}>
        {words.submit}
      </SubmitButton>
    </form>
  );
}
