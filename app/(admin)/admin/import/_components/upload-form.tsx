"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useRef, useState } from "react";
import { FormErrorSummary } from "@/components/patterns/forms/form-error-summary";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { controlClass } from "@/components/ui/input";
import { Progress } from "@/components/ui/progress";
import { send } from "./send-file";

export interface UploadFormProps {
  /** Takes a small file where there is no script. */
  action: (form: FormData) => Promise<void>;
  isSetup: boolean;
  maxBytes: number;
  words: {
    label: string;
    hint: string;
    submit: string;
    sending: string;
    progress: string;
    none: string;
    tooLarge: string;
    offline: string;
    failed: string;
    errorSummary: string;
  };
}

/** One file, also dropped on its field; what is sent shows how far it is, and its page opens when it has arrived. */
export function UploadForm({ action, isSetup, maxBytes, words }: UploadFormProps) {
  const router = useRouter();
  const input = useRef<HTMLInputElement>(null);
  const [error, setError] = useState<string | null>(null);
  const [sent, setSent] = useState<number | null>(null);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const file = input.current?.files?.[0];
    if (sent !== null) return;
    if (!file) return setError(words.none);
    if (file.size > maxBytes) return setError(words.tooLarge);
    setError(null);
    setSent(0);
    const outcome = await send(file, setSent);
    if (outcome.status === "done") return router.push(`/admin/import/${outcome.id}${isSetup ? "?setup=1" : ""}`);
    setSent(null);
    setError(outcome.status === "offline" ? words.offline : words.failed);
  };

  return (
    <form action={action} onSubmit={(event) => void submit(event)} className="grid max-w-form gap-4">
      <FormErrorSummary
        title={words.errorSummary}
        errors={error === null ? [] : [{ fieldId: "file", message: error }]}
      />
      {isSetup ? <input type="hidden" name="setup" value="1" /> : null}
      <Field id="file" label={words.label} hint={words.hint} error={error ?? undefined}>
        {(control) => (
          <input
            {...control}
            ref={input}
            type="file"
            name="file"
            accept=".zip,.csv,application/zip,text/csv"
            className={`${controlClass} border-dashed py-6`}
          />
        )}
      </Field>
      {sent === null ? null : <Progress value={sent} max={1} label={words.progress} />}
      <Button type="submit" variant="primary" aria-disabled={sent !== null} className="justify-self-start">
        {sent === null ? words.submit : words.sending}
      </Button>
    </form>
  );
}
