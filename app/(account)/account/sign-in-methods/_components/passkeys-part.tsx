import { useLocale, useTranslations } from "next-intl";
import { momentIn } from "@/components/notification/moments";
import { SectionHeader } from "@/components/patterns/page-header";
import { Alert } from "@/components/ui/alert";
import { Card } from "@/components/ui/card";
import { SubmitButton } from "@/components/ui/submit-button";
import type { SignInMethods } from "@/lib/identity/factors/sign-in-methods";
import { removePasskeyAction } from "../passkey-actions";
import { AddPasskey } from "./add-passkey";

/** The passkeys of a person: adding one on this device, removing any. */
export function PasskeysPart({
  passkeys,
  timeZone,
  result,
}: {
  passkeys: SignInMethods["passkeys"];
  timeZone: string;
  result: string | undefined;
}) {
  const [t, locale] = [useTranslations("factors.passkeys"), useLocale()];
  const said = (["passkeyAdded", "passkeyRemoved", "passkeyFailed"] as const).find((name) => name === result);
  const moment = (iso: string) => momentIn(iso, timeZone, locale);
  return (
    <section aria-labelledby="passkeys" className="grid scroll-mt-8 gap-4">
      <SectionHeader id="passkeys" title={t("title")} />
      {said === undefined ? null : (
        <Alert
          tone={said === "passkeyFailed" ? "error" : "success"}
          role={said === "passkeyFailed" ? "alert" : "status"}
        >
          {t(said)}
        </Alert>
      )}
      <p className="text-muted">{t("body")}</p>
      {passkeys.length === 0 ? null : (
        <Card padding="none">
          <ul className="divide-y divide-border">
            {passkeys.map(({ id, name, since, lastUsedAt }) => (
              <li key={id} className="flex flex-wrap items-center justify-between gap-3 p-4">
                <div>
                  <p className="font-medium">{name}</p>
                  <p className="text-sm text-muted">
                    {t("line", { since: moment(since), last: lastUsedAt === null ? "never" : moment(lastUsedAt) })}
                  </p>
                </div>
                <form action={removePasskeyAction}>
                  <input type="hidden" name="id" value={id} />
                  <SubmitButton
                    variant="danger"
                    size="sm"
                    pendingLabel={t("removing")}
                    aria-label={t("removeLabel", { name, since: moment(since) })}
                  >
                    {t("remove")}
                  </SubmitButton>
                </form>
              </li>
            ))}
          </ul>
        </Card>
      )}
      <AddPasskey words={{ add: t("add"), adding: t("adding"), failed: t("failed"), unable: t("unable") }} />
    </section>
  );
}
