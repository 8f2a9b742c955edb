import { BellRing } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { Card } from "@/components/ui/card";
import { Icon } from "@/components/ui/icon";
import { PushSetup } from "./push-setup";

/** The card that turns on pushes on this device: what comes, the press, a test. `publicKey` is the VAPID key. */
export async function PushCard({ publicKey, className }: { publicKey: string; className?: string }) {
  const t = await getTranslations("notifications.setup");
  return (
    <Card as="section" aria-labelledby="push-card-title" className={className}>
      <h2 id="push-card-title" className="mb-2 flex items-center gap-2 text-lg">
        <Icon icon={BellRing} className="text-muted" />
        {t("title")}
      </h2>
      <noscript>
        <p className="text-muted">{t("noScript")}</p>
      </noscript>
      <PushSetup
        publicKey={publicKey}
        strings={{
          intro: t("intro"),
          turnOn: t("turnOn"),
          working: t("working"),
          onBody: t("onBody"),
          test: t("test"),
          testing: t("testing"),
          testSent: t("testSent"),
          testShown: t.raw("testShown"),
          testLost: t("testLost"),
          turnOff: t("turnOff"),
          turningOff: t("turningOff"),
          deniedTitle: t("deniedTitle"),
          deniedBody: t("deniedBody"),
          unsupportedTitle: t("unsupportedTitle"),
          unsupportedBody: t("unsupportedBody"),
          iosTitle: t("iosTitle"),
          iosBody: t("iosBody"),
          iosSteps: [t("iosStep1"), t("iosStep2"), t("iosStep3")],
          deniedSteps: {
            firefox: t("deniedSteps.firefox"),
            chrome: t("deniedSteps.chrome"),
            safari: t("deniedSteps.safari"),
            other: t("deniedSteps.other"),
          },
          problems: {
            dismissed: t("dismissed"),
            timeout: t("timeout"),
            failed: t("failed"),
            taken: t("taken"),
            refused: t("refused"),
            offline: t("offline"),
          },
        }}
      />
    </Card>
  );
}
