"use client";

import { type ReactNode, useActionState } from "react";
import { LinkSlip } from "@/components/identity/link-slip";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { SubmitButton } from "@/components/ui/submit-button";
import type { WayIn } from "@/lib/identity/office/let-in";

/** A link that was just made: it is in this answer and nowhere else. */
export type WayInState = { link: WayIn | null; error: string | null };

export interface WayInWords {
  submit: string;
  submitting: string;
  once: string;
  openInvitation: string;
  openReset: string;
  print: string;
}

/** Makes a link for one person and shows it, once, as a slip to print or to hold a phone at. */
export function WayInForm({
  action,
  personId,
  school,
  words,
}: {
  action: (before: WayInState, form: FormData) => Promise<WayInState>;
  personId: string;
  school: string;
  words: WayInWords;
}) {
  const [{ link, error }, send] = useActionState(action, { link: null, error: null });
  return (
    <div className="grid gap-4">
      {error === null ? null : (
        <Alert tone="error" role="alert">
          {error}
        </Alert>
      )}
      {link === null ? (
        <form action={send}>
          <input type="hidden" name="personId" value={personId} />
          <SubmitButton pendingLabel={words.submitting}>{words.submit}</SubmitButton>
        </form>
      ) : (
        <ShownLink link={link} school={school} words={words} />
      )}
    </div>
  );
}

/** The slip of a link that is shown this once. */
export function ShownLink({
  link,
  school,
  words,
  children,
}: {
  link: WayIn;
  school: string;
  words: Omit<WayInWords, "submit" | "submitting">;
  children?: ReactNode;
}) {
  return (
    <div className="grid gap-3">
      <Alert tone="warning" role="status">
        {words.once}
      </Alert>
      <ul>
        <LinkSlip
          link={link}
          school={school}
          open={link.kind === "invitation" ? words.openInvitation : words.openReset}
        />
      </ul>
      <div data-no-print className="flex flex-wrap gap-2">
        <Button onClick={() => window.print()}>{words.print}</Button>
        {children}
      </div>
    </div>
  );
}
