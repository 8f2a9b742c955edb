import { useLocale, useTranslations } from "next-intl";
import { momentIn } from "@/components/notification/moments";
import { Card } from "@/components/ui/card";
import type { AuditLine } from "@/lib/identity/office/audit-log";
import { actionWords } from "./action-words";

/** What was done with an account, a line each. */
export function AuditLines({ lines, timeZone, none }: { lines: readonly AuditLine[]; timeZone: string; none: string }) {
  const [t, locale] = [useTranslations("log"), useLocale()];
  if (lines.length === 0) return <p className="text-muted">{none}</p>;
  return (
    <Card padding="none">
      <ul className="divide-y divide-border">
        {lines.map(({ id, at, action, by, address }) => (
          <li key={id} className="px-4 py-2 text-sm">
            {t("line", {
              at: momentIn(at, timeZone, locale),
              what: actionWords(t, action),
              by: by?.name ?? "none",
              address: address ?? "none",
            })}
          </li>
        ))}
      </ul>
    </Card>
  );
}
