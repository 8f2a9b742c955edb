import { DoorClosed, SearchX } from "@/components/ui/icon";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { EmptyState } from "@/components/patterns/empty-state";
import { homeForRoles, type ShellRole } from "@/components/patterns/shell/shell-nav";
import { LinkButton } from "@/components/ui/link-button";
import { currentContext } from "@/lib/web/page/page-guard";

/**
 * What stands in the place of a page that this person does not have: whom it is for, when it is for another role, else
 * `children` – or, left out, that there is no such page. It stands inside the frame, which has the one `main`.
 */
export async function PageFor({ role, children }: { role: ShellRole; children?: ReactNode }) {
  const [ctx, t] = await Promise.all([currentContext(), getTranslations("ui")]);
  const roles = ctx?.actor.roles ?? [];
  const home = <LinkButton href={homeForRoles(roles)}>{t("wrongRole.action")}</LinkButton>;
  if (!roles.includes(role))
    return (
      <EmptyState level={1} icon={DoorClosed} title={t(`wrongRole.title.${role}`)} action={home}>
        {t("wrongRole.body")}
      </EmptyState>
    );
  if (children !== undefined) return children;
  return (
    <EmptyState level={1} icon={SearchX} title={t("notFound.title")} action={home}>
      {t("notFound.mend")}
    </EmptyState>
  );
}

/** The title that goes with it; `title` is that of `children`. */
export async function metadataFor(role: ShellRole, title?: string): Promise<Metadata> {
  const [ctx, t] = await Promise.all([currentContext(), getTranslations("ui")]);
  if (!ctx?.actor.roles.includes(role)) return { title: t(`wrongRole.title.${role}`) };
  return { title: title ?? t("notFound.title") };
}
