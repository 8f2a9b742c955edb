import type { ReactNode } from "react";
import { getTranslations } from "next-intl/server";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { SubmitButton } from "@/components/ui/submit-button";
import { CloseWhenSent } from "./close-when-sent";

export interface ConfirmDialogProps {
  /** A `DialogTrigger` with this id opens it. */
  id: string;
  /** Names the act and the thing: "Drop MA101.3?" */
  title: string;
  /** What happens to whom. */
  children: ReactNode;
  /** The outcome, never "OK" or "Yes". */
  confirmLabel: string;
  pendingLabel?: string | undefined;
  tone?: "danger" | "primary" | undefined;
  action: (form: FormData) => void | Promise<void>;
  /** Hidden fields of the form. */
  fields?: Readonly<Record<string, string>> | undefined;
}

/** Asks before what cannot be undone. The safe way out is the first button and has the focus. */
export async function ConfirmDialog({
  id,
  title,
  children,
  confirmLabel,
  pendingLabel,
  tone = "danger",
  action,
  fields = {},
}: ConfirmDialogProps) {
  const t = await getTranslations("ui");
  return (
    <Dialog id={id} title={title} closeLabel={t("close")}>
      <div className="text-muted">{children}</div>
      {/* Two forms: a submit button with formMethod="dialog" in the second would run its action. */}
      <div className="mt-5 flex flex-wrap justify-end gap-2">
        <form method="dialog">
          <Button type="submit" data-first-focus>
            {t("cancel")}
          </Button>
        </form>
        <form action={action}>
          {Object.entries(fields).map(([name, value]) => (
            <input key={name} type="hidden" name={name} value={value} />
          ))}
          <SubmitButton variant={tone} {...(pendingLabel === undefined ? {} : { pendingLabel })}>
            {confirmLabel}
          </SubmitButton>
          <CloseWhenSent />
        </form>
      </div>
    </Dialog>
  );
}
