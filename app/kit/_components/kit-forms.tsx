import { FormErrorSummary } from "@/components/patterns/forms/form-error-summary";
import { Card } from "@/components/ui/card";
import { Checkbox, Fieldset, RadioGroup } from "@/components/ui/choice";
import { TextField } from "@/components/ui/input";
import { PasswordField } from "@/components/ui/password-input";
import { SelectField } from "@/components/ui/select";
import { SubmitButton } from "@/components/ui/submit-button";
import { TextareaField } from "@/components/ui/textarea";
import { Specimen } from "./specimen";

/** Fields in rest, with hints, with errors. */
export function KitForms() {
  return (
    <div className="grid gap-8 lg:grid-cols-2">
      <Specimen title="At rest">
        <Card>
          <form className="grid max-w-form gap-6">
            <TextField name="email" type="email" label="Email address" autoComplete="username" />
            <PasswordField name="password" label="Password" showLabel="Show" hideLabelText="Hide" />
            <SelectField name="subject" label="Subject" hint="Only subjects with sections this term.">
              <option>Mathematics</option>
              <option>Physics</option>
            </SelectField>
            <TextareaField name="note" label="Note to the class teacher" optionalLabel="optional" />
            <Checkbox name="free" label="Free seats only" defaultChecked />
            <SubmitButton>Sign in</SubmitButton>
          </form>
        </Card>
      </Specimen>
      <Specimen title="With problems">
        <Card>
          <form className="grid max-w-form gap-6">
            <FormErrorSummary
              title="There is a problem"
              errors={[
                { fieldId: "day", message: "Select a day" },
                { fieldId: "reason", message: "Choose a reason" },
              ]}
            />
            <TextField name="day" type="date" label="Day of the absence" error="Select a day" />
            <RadioGroup
              name="reason"
              legend="Why was Petr absent?"
              hint="Do not write a diagnosis."
              error="Choose a reason"
              options={[
                { value: "ill", label: "Ill" },
                { value: "doctor", label: "Doctor or dentist", hint: "A note is welcome, not needed." },
                { value: "other", label: "Something else" },
              ]}
            />
            <Fieldset id="classes" legend="Which classes?" inline>
              <Checkbox name="class" value="1" label="Physics 11:00" />
              <Checkbox name="class" value="2" label="Music 12:00" disabled />
            </Fieldset>
            <TextField name="locked" label="Student" defaultValue="Petr Novák" readOnly />
            <SubmitButton className="justify-self-start">Send to the class teacher</SubmitButton>
          </form>
        </Card>
      </Specimen>
    </div>
  );
}
