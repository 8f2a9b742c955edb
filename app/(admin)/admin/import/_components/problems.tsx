import { getLocale, getTranslations } from "next-intl/server";
import { SectionHeader } from "@/components/patterns/page-header";
import type { Problem } from "@/lib/roster/problems";
import { groupProblems } from "@/lib/roster/run/report";

/** Lines that are named for one kind; how many more there are is said. */
const LINES = 12;

/** What a roster's files are found to have, by file and kind: the sentence, the column, and on which lines. */
export async function Problems({ title, problems }: { title: string; problems: readonly Problem[] }) {
  const [t, locale] = await Promise.all([getTranslations("rosterImport"), getLocale()]);
  const byFile = Map.groupBy(groupProblems(problems, locale), ({ file }) => file);
  return (
    <section aria-labelledby="problems">
      <SectionHeader id="problems" title={title} />
      <div className="grid gap-5">
        {[...byFile].map(([file, groups]) => (
          <div key={file}>
            <h3 className="mb-2 text-base">{file}</h3>
            <ul className="overflow-clip rounded-lg border border-border bg-surface">
              {groups.map(({ column, sentence, lines }) => (
                <li key={`${column ?? ""} ${sentence}`} className="border-t border-border px-4 py-3 first:border-t-0">
                  <p className="wrap-anywhere">{sentence}</p>
                  <p className="text-sm wrap-anywhere text-muted tabular">
                    {[
                      column === undefined ? "" : t("column", { column }),
                      lines.length === 0
                        ? ""
                        : t("lines", {
                            count: lines.length,
                            lines: lines.slice(0, LINES).join(", "),
                            more: Math.max(0, lines.length - LINES),
                          }),
                    ]
                      .filter((part) => part !== "")
                      .join(" · ")}
                  </p>
                </li>
              ))}
            </ul>
          </div>
        ))}
      </div>
    </section>
  );
}
