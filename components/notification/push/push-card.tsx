import { getTranslations } from "next-intl/server";
import { Card } from "@/components/ui/card";
import { Icon, Smartphone } from "@/components/ui/icon";
import type { Category } from "@/lib/notification/schema";
import { BlockedSteps, MissingGuide } from "./push-guides";
import { PushSetup } from "./push-setup";

/** The card that turns on pushes on this device: what comes, the press, a test. */
export async function PushCard({
  publicKey,
  news,
  className,
}: {
  /** The VAPID key. */
  publicKey: string;
  /** What matters most of what this person hears of. */
  news: Category;
  className?: string;
}) {
  const t = await getTranslations("notifications.setup");
  return (
    <Card as="section" aria-labelledby="push-card-title" className={className}>
      <PushSetup
        publicKey={publicKey}
        icon={<Icon icon={Smartphone} className="text-muted" />}
        missing={{
          iosInstall: <MissingGuide kind="iosInstall" />,
          iosUpdate: <MissingGuide kind="iosUpdate" />,
          iosInApp: <MissingGuide kind="iosInApp" />,
          inApp: <MissingGuide kind="inApp" />,
          insecure: <MissingGuide kind="insecure" />,
          privateWindow: <MissingGuide kind="privateWindow" />,
          unsupported: <MissingGuide kind="unsupported" />,
        }}
        blocked={{
          firefox: <BlockedSteps kind="firefox" />,
          firefoxAndroid: <BlockedSteps kind="firefoxAndroid" />,
          chrome: <BlockedSteps kind="chrome" />,
          chromeAndroid: <BlockedSteps kind="chromeAndroid" />,
          safari: <BlockedSteps kind="safari" />,
          ios: <BlockedSteps kind="ios" />,
          other: <BlockedSteps kind="other" />,
        }}
        strings={{
          title: t("title"),
          titleOn: t("titleOn"),
          intro: t("intro", { news }),
          turnOn: t("turnOn"),
          working: t("working"),
          asking: t("asking"),
          onBody: t("onBody"),
          nowOn: t("nowOn"),
          nowOff: t("nowOff"),
          turnOff: t("turnOff"),
          turningOff: t("turningOff"),
          turnOffFailed: t("turnOffFailed"),
          allowedAgain: t("allowedAgain"),
          deniedTitle: t("deniedTitle"),
          deniedBody: t("deniedBody"),
          inPrivate: t("inPrivate"),
          problems: {
            dismissed: t("dismissed"),
            unanswered: t("unanswered"),
            timeout: t("timeout"),
            failed: t("failed"),
            taken: t("taken"),
            refused: t("refused"),
            offline: t("offline"),
          },
          proof: {
            test: t("test"),
            testing: t("testing"),
            testSent: t("testSent"),
            testShown: t.raw("testShown"),
            problems: {
              offline: t("testProblem.offline"),
              signedOut: t("testProblem.signedOut"),
              gone: t("testProblem.gone"),
              tooMany: t("testProblem.tooMany"),
              failed: t("testProblem.failed"),
              notShown: t("testProblem.notShown"),
              notTaken: t("testProblem.notTaken"),
            },
          },
          install: { why: t("installWhy"), install: t("install") },
        }}
      />
      <noscript>
        <p className="mt-3 text-muted">{t("noScript")}</p>
      </noscript>
    </Card>
  );
}
