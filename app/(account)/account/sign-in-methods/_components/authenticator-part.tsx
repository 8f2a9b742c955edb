import { useLocale, useTranslations } from "next-intl";
import { QrCode } from "@/components/identity/qr-code";
import { momentIn } from "@/components/notification/moments";
import { SectionHeader } from "@/components/patterns/page-header";
import { Alert } from "@/components/ui/alert";
import { SubmitButton } from "@/components/ui/submit-button";
import { Disclosure } from "@/components/ui/disclosure";
import type { SignInMethods } from "@/lib/identity/factors/sign-in-methods";
import { beginAction, turnOffAction } from "../actions";
import { CodesForm } from "./codes-form";

/** The authenticator app: turning it on in two steps, recovery codes, turning it off. */
export function AuthenticatorPart({
  methods: { authenticator, codesLeft },
  timeZone,
  result,
}: {
  methods: SignInMethods;
  timeZone: string;
  result: string | undefined;
}) {
  const [t, ui, locale] = [useTranslations("factors"), useTranslations("ui"), useLocale()];
  const { state } = authenticator;
  return (
    <section aria-labelledby="authenticator" className="grid scroll-mt-8 gap-4">
      <SectionHeader id="authenticator" title={t("authenticator")} />
      {result === "off" ? (
        <Alert tone="success" role="status">
          {t("turnedOff")}
        </Alert>
      ) : null}
      {result === "failed" ? (
        <Alert tone="error" role="alert">
          {t("failed")}
        </Alert>
      ) : null}
      {state === "on" ? (
        <p className="text-muted">{t("onBody", { since: momentIn(authenticator.since, timeZone, locale) })}</p>
      ) : null}
      {state === "off" ? (
        <>
          <p className="text-muted">{t("offBody")}</p>
          <form action={beginAction}>
            <SubmitButton pendingLabel={t("working")}>{t("turnOn")}</SubmitButton>
          </form>
        </>
      ) : null}
      {state !== "begun" && codesLeft === null ? null : (
        <CodesForm
          kind={state === "begun" ? "confirm" : "renew"}
          words={{
            code: t("code"),
            codeHint: t("codeHint"),
            submit: t(state === "begun" ? "confirm" : "renew"),
            submitting: t("working"),
            errorSummary: ui("errorSummaryTitle"),
            onTitle: t(state === "begun" ? "isOn" : "codesMade"),
            shownOnce: t("shownOnce"),
            codesBody: t("codesBody"),
            codes: t("codes"),
            print: t("print"),
            done: t("done"),
          }}
        >
          {state === "begun" ? (
            <>
              <p>{t("scan")}</p>
              <div className="flex flex-wrap items-center gap-4">
                <QrCode text={authenticator.uri} className="size-48 shrink-0 rounded-lg" />
                <div className="grid min-w-0 gap-1">
                  <p>{t("typeSecret")}</p>
                  <p className="font-mono wrap-anywhere">{authenticator.secret.replace(/(.{4})(?=.)/g, "$1 ")}</p>
                </div>
              </div>
            </>
          ) : (
            <>
              <h3 className="mt-3 font-medium">{t("codes")}</h3>
              <p className="text-muted">{t("codesLeft", { count: codesLeft ?? 0 })}</p>
            </>
          )}
        </CodesForm>
      )}
      {state === "begun" ? (
        <form action={turnOffAction}>
          <SubmitButton variant="quiet" pendingLabel={t("working")}>
            {t("cancel")}
          </SubmitButton>
        </form>
      ) : null}
      {state === "on" ? (
        <Disclosure summary={t("turnOffSummary")}>
          <p className="mb-3">{t("turnOffBody")}</p>
          <form action={turnOffAction}>
            <input type="hidden" name="was" value="on" />
            <SubmitButton variant="danger" pendingLabel={t("working")}>
              {t("turnOff")}
            </SubmitButton>
          </form>
        </Disclosure>
      ) : null}
    </section>
  );
}
