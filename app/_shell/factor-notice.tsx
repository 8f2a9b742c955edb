import { getTranslations } from "next-intl/server";
import { Alert } from "@/components/ui/alert";
import { TextLink } from "@/components/ui/text-link";
import { factorDaysLeft } from "@/lib/identity/factors/rule";
import type { Context } from "@/lib/shared/context";

/** For who must set up a second factor: how many days are left. It asks the database only for them. */
export async function FactorNotice({ ctx }: { ctx: Context }) {
  const days = await factorDaysLeft(ctx, ctx.now);
  if (days === null) return null;
  const t = await getTranslations("factors.rule");
  const isOverdue = (ctx.actor.factorDueAt ?? 0) * 1000 <= ctx.now.getTime();
  return (
    <Alert tone={isOverdue ? "warning" : undefined} className="mb-6">
      {isOverdue ? t("overdue") : t("notice", { days })}{" "}
      {isOverdue ? null : <TextLink href="/account/sign-in-methods">{t("open")}</TextLink>}
    </Alert>
  );
}
