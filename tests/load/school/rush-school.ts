import { parse } from "csv-parse/sync";
import fs from "node:fs";
import path from "node:path";
import { rosterCsvOf } from "@/lib/roster/run/write-csv";
import { generateSchool } from "./generate-school";

const DAYS = ["MO", "TU", "WE", "TH", "FR"];
const STARTS = ["08:00-09:50", "11:00-12:50", "14:00-15:50"];
const SECTIONS = 60;

/**
 * Writes a school in which `registering` students can each take `each` sections, and nobody else one: the seats of all
 * sections are as many as the wishes, to the last one, and no student's wishes overlap. So when it is over every section
 * is full, or a seat was lost. `students` is how many people can sign in.
 */
export async function generateRushSchool(
  folder: string,
  { students, registering, each }: { students: number; registering: number; each: number },
): Promise<void> {
  await generateSchool(folder, { students, sections: SECTIONS, courses: (SECTIONS * 3) / 4, teachers: SECTIONS });
  const file = path.join(folder, "classes.csv");
  const classes: Record<string, string>[] = parse(fs.readFileSync(file), { columns: true });
  if (classes.length !== SECTIONS) throw new Error(`${classes.length} sections were generated, not ${SECTIONS}`);
  const wanted = new Array<number>(SECTIONS).fill(0);
  const demands: (string | number)[][] = [];
  for (let n = 1; n <= registering; n++)
    for (let k = 0; k < each; k++) {
      const index = (n + k) % SECTIONS;
      wanted[index] = (wanted[index] ?? 0) + 1;
      demands.push([`u${n}`, classes[index]?.["courseSourcedId"] ?? "", k + 1]);
    }
  for (const [index, row] of classes.entries()) {
    row["metadata.capacity"] = String(wanted[index]);
    row["metadata.weeks"] = "";
    row["metadata.meetings"] =
      `${DAYS[index % DAYS.length]} ${STARTS[Math.floor(index / DAYS.length) % STARTS.length]}`;
  }
  const columns = Object.keys(classes[0] ?? {});
  fs.writeFileSync(file, rosterCsvOf([columns, ...classes.map((row) => columns.map((column) => row[column] ?? ""))]));
  fs.writeFileSync(
    path.join(folder, "demands.csv"),
    rosterCsvOf([["studentSourcedId", "courseSourcedId", "priority"], ...demands]),
  );
}
