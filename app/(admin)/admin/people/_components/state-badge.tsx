import { useTranslations } from "next-intl";
import { Badge } from "@/components/ui/badge";
import type { PersonState } from "@/lib/identity/office/schema";

const TONES = { open: "neutral", waiting: "accent", noEmail: "accent", ended: "ink", left: "ink" } as const;

/** How an account is, in two words; nothing for what most are. */
export function StateBadge({ state }: { state: PersonState }) {
  const t = useTranslations("people.office");
  return state === "open" ? <>{t("state.open")}</> : <Badge tone={TONES[state]}>{t(`state.${state}`)}</Badge>;
}
