import { getTranslations } from "next-intl/server";
import { Steps } from "@/components/patterns/shell/steps";

/** The four steps of setting up a school. */
export async function SetupSteps({ current }: { current: 0 | 1 | 2 | 3 }) {
  const t = await getTranslations("setup.steps");
  return (
    <Steps
      label={t("label")}
      steps={[t("school"), t("administrator"), t("roster"), t("invitations")]}
      current={current}
      doneLabel={t("done")}
    />
  );
}
