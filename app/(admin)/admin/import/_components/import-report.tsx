import { getFormatter, getTranslations } from "next-intl/server";
import { SectionHeader } from "@/components/patterns/page-header";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import { KINDS, type StoredReport } from "@/lib/roster/run/report";
import { Problems } from "./problems";

const HEADS = ["created", "changed", "unchanged", "ended"] as const;

/** What an import did, or would do: records of each kind, and what is worth knowing. */
export async function ImportReport({ report }: { report: StoredReport }) {
  const [t, format] = await Promise.all([getTranslations("rosterImport"), getFormatter()]);
  const { school, tallies, version, warnings, warningCount } = report;
  return (
    <>
      {/* No landmark of its own: the table below is a region with the same name. */}
      <div className="min-w-0">
        <SectionHeader id="changes" title={t(report.dryRun ? "wouldChange" : "didChange")} />
        <p className="mb-3 text-sm text-muted">
          {t("what", { school: school.name, id: school.sourcedId, version, zone: school.timeZone })}
        </p>
        <Table caption={t(report.dryRun ? "wouldChange" : "didChange")} density="compact">
          <thead>
            <Tr>
              <Th>{t("records")}</Th>
              {HEADS.map((head) => (
                <Th key={head} numeric>
                  {t(`heads.${head}`)}
                </Th>
              ))}
            </Tr>
          </thead>
          <tbody>
            {KINDS.map((kind) => (
              <Tr key={kind}>
                <Th scope="row">{t(`kinds.${kind}`)}</Th>
                {HEADS.map((head) => (
                  <Td key={head} numeric>
                    {format.number(tallies[kind][head])}
                  </Td>
                ))}
              </Tr>
            ))}
          </tbody>
        </Table>
        {report.withoutPassword > 0 ? (
          <p className="mt-3">{t("withoutPassword", { count: report.withoutPassword })}</p>
        ) : null}
      </div>
      {warningCount === 0 ? null : <Problems title={t("warnings", { count: warningCount })} problems={warnings} />}
    </>
  );
}
