import { useTranslations } from "next-intl";
import { TextLink } from "@/components/ui/text-link";

/** The way to the page on which a class is cancelled or moved. For server components. */
export function ClassChangeLink({ classSessionId }: { classSessionId: string }) {
  const t = useTranslations("calendar.change");
  return (
    <TextLink
      href={`/classes/${classSessionId}/change`}
      className="inline-flex min-h-8 items-center pointer-coarse:min-h-11"
    >
      {t("link")}
    </TextLink>
  );
}
