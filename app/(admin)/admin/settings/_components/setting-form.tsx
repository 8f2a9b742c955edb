import { SectionHeader } from "@/components/patterns/page-header";
import { Alert } from "@/components/ui/alert";
import { TextField } from "@/components/ui/input";
import { SubmitButton } from "@/components/ui/submit-button";

type Search = string | string[] | undefined;

/** One number that the office sets, with what became of it when it was sent. */
export function SettingForm({
  id,
  action,
  name,
  value,
  words,
  result,
  typed,
}: {
  id: string;
  action: (form: FormData) => Promise<void>;
  name: string;
  /** Null: nothing is set. */
  value: number | null;
  words: Record<"title" | "body" | "label" | "hint" | "invalid" | "saved" | "failed" | "save", string>;
  result?: Search;
  typed?: Search;
}) {
  const isInvalid = result === "invalid";
  return (
    <section aria-labelledby={id} className="scroll-mt-8">
      <SectionHeader id={id} title={words.title} />
      <p className="mb-4 text-muted">{words.body}</p>
      {result === "saved" ? (
        <Alert tone="success" role="status" className="mb-4">
          {words.saved}
        </Alert>
      ) : null}
      {result === "failed" ? (
        <Alert tone="error" role="alert" className="mb-4">
          {words.failed}
        </Alert>
      ) : null}
      <form action={action} className="grid gap-6">
        <TextField
          name={name}
          label={words.label}
          hint={words.hint}
          error={isInvalid ? words.invalid : undefined}
          inputMode="numeric"
          autoComplete="off"
          autoFocus={isInvalid}
          defaultValue={isInvalid && typeof typed === "string" ? typed : (value ?? "")}
        />
        <SubmitButton className="justify-self-start">{words.save}</SubmitButton>
      </form>
    </section>
  );
}
