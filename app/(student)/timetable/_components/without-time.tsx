import clsx from "clsx";
import { useTranslations } from "next-intl";
import { hueEdge } from "@/components/enrollment/week/course-hue";
import { TextLink } from "@/components/ui/text-link";
import type { WeekView } from "@/lib/timetable/schema";

/** Under the week: the sections that stand in no day of it. Nothing when every section has its times. */
export function WithoutTime({ sections }: { sections: WeekView["withoutTime"] }) {
  const t = useTranslations("timetable");
  if (sections.length === 0) return null;
  return (
    <section aria-labelledby="without-time" className="mt-6 max-w-reading">
      <h2 id="without-time" className="mb-2 text-base">
        {t("withoutTime")}
      </h2>
      <ul className="grid gap-2">
        {sections.map(({ sectionId, code, title, hue }) => (
          <li
            key={sectionId}
            className={clsx("rounded-md border border-s-4 border-border bg-surface px-3 py-2", hueEdge(hue))}
          >
            <TextLink quiet href={`/sections/${sectionId}`}>
              <span className="font-medium">{code}</span> {title}
            </TextLink>
          </li>
        ))}
      </ul>
    </section>
  );
}
