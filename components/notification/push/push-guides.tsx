import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Alert } from "@/components/ui/alert";
import type { Blocker, Missing } from "./push-platform";

/** What to do where the browser has no push. Without script in the browser: the card picks one of them. */
export function MissingGuide({ kind }: { kind: Missing }) {
  const t = useTranslations("notifications.setup");
  if (kind === "iosInstall") return <IosInstall />;
  return (
    <Alert title={t(`missing.${kind}.title`)}>
      <p>{t(`missing.${kind}.body`)}</p>
      <p className="mt-1 text-muted">{t("inboxWorks")}</p>
    </Alert>
  );
}

/** The steps that take a block back, in the words of the browser's own settings. */
export function BlockedSteps({ kind }: { kind: Blocker }) {
  const t = useTranslations("notifications.setup");
  return (
    <>
      <ol className="my-2 grid list-decimal gap-1 ps-5">
        {([1, 2, 3] as const).map((step) => (
          <li key={step}>{t(`blocked.${kind}.${step}`)}</li>
        ))}
      </ol>
      <p>{t("blockedThen")}</p>
    </>
  );
}

/** The three presses on an iPhone or iPad, each with what to look for. */
function IosInstall() {
  const t = useTranslations("notifications.setup.iosInstall");
  return (
    <div className="grid gap-3">
      <p className="font-medium">{t("title")}</p>
      <p className="text-muted">{t("body")}</p>
      <ol className="grid gap-2">
        <Step number={1} picture={<ShareSign />}>
          {t("share")}
        </Step>
        <Step number={2} picture={<AddSign />}>
          {t("add")}
        </Step>
        <Step number={3} picture={<HomeSign />}>
          {t("open")}
        </Step>
      </ol>
      <p className="text-sm text-muted">{t("after")}</p>
    </div>
  );
}

function Step({ number, picture, children }: { number: number; picture: ReactNode; children: ReactNode }) {
  return (
    <li className="flex items-center gap-3 rounded-md border border-border bg-bg p-3">
      <span className="inline-flex size-12 shrink-0 items-center justify-center rounded-lg bg-accent-soft text-accent">
        {picture}
      </span>
      <span className="min-w-0">
        <span className="me-1.5 font-semibold tabular">{number}.</span>
        {children}
      </span>
    </li>
  );
}

/** A square with an arrow out of it: the button for sharing, as the system draws it. */
function ShareSign() {
  return (
    <Sign>
      <path d="M9 9H6.5v11h11V9H15M12 14V3.5M8.5 6.5 12 3l3.5 3.5" />
    </Sign>
  );
}

/** A square with a plus: the line "Add to Home Screen". */
function AddSign() {
  return (
    <Sign>
      <path d="M5 7a2 2 0 0 1 2-2h10a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H7a2 2 0 0 1-2-2ZM12 9v6M9 12h6" />
    </Sign>
  );
}

/** A phone with one icon on it. */
function HomeSign() {
  return (
    <Sign>
      <path d="M7 4a2 2 0 0 1 2-2h6a2 2 0 0 1 2 2v16a2 2 0 0 1-2 2H9a2 2 0 0 1-2-2ZM10.5 8h3v3h-3ZM11 19.5h2" />
    </Sign>
  );
}

function Sign({ children }: { children: ReactNode }) {
  return (
    <svg
      viewBox="0 0 24 24"
      className="size-7"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {children}
    </svg>
  );
}
