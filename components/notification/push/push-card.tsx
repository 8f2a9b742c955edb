import { getTranslations } from "next-intl/server";
import { headers } from "next/headers";
import { Card } from "@/components/ui/card";
import { Icon, Smartphone } from "@/components/ui/icon";
import type { Category } from "@/lib/notification/schema";
import { BlockedSteps, MissingGuide } from "./push-guides";
import { guidesFor } from "./push-platform";
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
  const [t, incoming] = await Promise.all([getTranslations("notifications.setup"), headers()]);
  const guides = guidesFor(incoming.get("user-agent") ?? "");
  return (
    <Card as="section" aria-labelledby="push-card-title" className={className}>
      <PushSetup
        publicKey={publicKey}
        icon={<Icon icon={Smartphone} className="text-muted" />}
        missing={Object.fromEntries([...guides.missing].map((kind) => [kind, <MissingGuide key={kind} kind={kind} />]))}
        blocked={Object.fromEntries(
          [...guides.blockers].map((kind) => [kind, <BlockedSteps key={kind} kind={kind} />]),
        )}
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
