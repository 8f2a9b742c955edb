import { getTranslations } from "next-intl/server";
import { Button } from "@/components/ui/button";

/** The button that a form which saves itself needs when there is no script. */
export async function NoScriptSave() {
  const t = await getTranslations("notifications.preferences");
  return (
    <noscript>
      <Button type="submit" className="mt-3">
        {t("save")}
      </Button>
    </noscript>
  );
}
