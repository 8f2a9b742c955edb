import { CircleCheck } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import type { GridState, GridStatus } from "./grid-state";
import { fill, fillPlural, type GridStrings } from "./grid-strings";

/** What finishing has done: how many of which, whose guardians are told, and who is absent. */
export function FinishedPanel({
  grid,
  counts,
  strings,
  locale,
  onChange,
}: {
  grid: GridState;
  counts: Record<GridStatus | "UNMARKED", number>;
  strings: GridStrings;
  locale: string;
  onChange: (studentId: string) => void;
}) {
  const words = (["PRESENT", "ABSENT", "LATE", "EXCUSED", "UNMARKED"] as const)
    .filter((status) => counts[status] > 0)
    .map((status) => `${counts[status]} ${strings.counts[status]}`)
    .join(" · ");
  const absent = grid.students.filter(({ id }) => grid.marks[id]?.status === "ABSENT");
  return (
    <Card as="section" aria-labelledby="finished-title" className="mb-4 grid gap-2">
      <h2 id="finished-title" className="flex items-center gap-2 text-lg">
        <CircleCheck className="size-5 text-present-fg" aria-hidden="true" />
        {strings.finished}
      </h2>
      <p className="tabular">
        {fill(strings.result, { counts: words })}{" "}
        {absent.length > 0 ? fillPlural(strings.resultGuardians, absent.length, locale) : strings.resultNobody}
      </p>
      {absent.length > 0 ? (
        <div className="flex flex-wrap items-center gap-2">
          <p className="font-medium">{strings.resultAbsent}</p>
          <ul className="contents">
            {absent.map(({ id, name }) => (
              <li key={id}>
                <Button size="sm" aria-label={fill(strings.resultChange, { name })} onClick={() => onChange(id)}>
                  {name}
                </Button>
              </li>
            ))}
          </ul>
        </div>
      ) : null}
    </Card>
  );
}
