import fs from "node:fs";
import path from "node:path";
import { parse } from "csv-parse/sync";
import { rosterCsvOf } from "@/lib/roster/run/write-csv";

export type SchoolData = {
  /** The folder to import: a copy of the given one with the term moved so that it holds today. */
  folder: string;
  /** Students in file order with their e-mail and the courses they wish for, most wanted first. */
  students: { email: string; wishes: string[] }[];
  /** Section sourcedIds of each course (sourcedId), in file order. */
  sectionsOf: Map<string, string[]>;
  wishes: number;
  sections: number;
};

/**
 * Reads a OneRoster 1.1 folder with a `demands.csv` (`studentSourcedId,courseSourcedId,priority`) and writes a copy to
 * `target` whose terms are moved by whole weeks so that `today` lies in them; the weekly times stay what they are.
 */
export function prepareSchool(source: string, target: string, today: Date): SchoolData {
  for (const file of ["orgs", "academicSessions", "classes", "courses", "users", "enrollments", "demands"])
    if (!fs.existsSync(path.join(source, `${file}.csv`)))
      throw new Error(`${source} has no ${file}.csv: the benchmark needs a OneRoster folder with demands.csv.`);
  fs.mkdirSync(target, { recursive: true });
  for (const file of fs.readdirSync(source))
    if (file.endsWith(".csv") && file !== "demands.csv")
      fs.copyFileSync(path.join(source, file), path.join(target, file));
  moveTerms(path.join(target, "academicSessions.csv"), today);

  const classes = read(source, "classes");
  const sectionsOf = new Map<string, string[]>();
  for (const row of classes) {
    const course = text(row, "courseSourcedId");
    sectionsOf.set(course, [...(sectionsOf.get(course) ?? []), text(row, "sourcedId")]);
  }
  const wishesOf = new Map<string, { course: string; priority: number }[]>();
  const demands = read(source, "demands");
  for (const row of demands) {
    const student = text(row, "studentSourcedId");
    const list = wishesOf.get(student) ?? [];
    list.push({ course: text(row, "courseSourcedId"), priority: Number(row["priority"] ?? 1) });
    wishesOf.set(student, list);
  }
  const students = read(source, "users")
    .filter((row) => row["role"] === "student")
    .map((row) => ({
      email: text(row, "email").toLowerCase(),
      wishes: (wishesOf.get(text(row, "sourcedId")) ?? [])
        .sort((a, b) => a.priority - b.priority)
        .map(({ course }) => course),
    }));
  return { folder: target, students, sectionsOf, wishes: demands.length, sections: classes.length };
}

function moveTerms(file: string, today: Date): void {
  const rows: Record<string, string>[] = parse(fs.readFileSync(file), { columns: true, bom: true });
  const terms = rows.filter((row) => row["type"] !== "schoolYear");
  const starts = Math.min(...terms.map((row) => Date.parse(text(row, "startDate"))));
  const ends = Math.max(...terms.map((row) => Date.parse(text(row, "endDate"))));
  const middle = (starts + ends) / 2;
  const holdsToday = starts <= today.getTime() && today.getTime() < ends;
  const shiftMs = holdsToday ? 0 : Math.round((today.getTime() - middle) / WEEK_MS) * WEEK_MS;
  for (const row of rows)
    for (const column of ["startDate", "endDate"])
      row[column] = new Date(Date.parse(text(row, column)) + shiftMs).toISOString().slice(0, 10);
  const columns = Object.keys(rows[0] ?? {});
  fs.writeFileSync(file, rosterCsvOf([columns, ...rows.map((row) => columns.map((column) => row[column] ?? ""))]));
}

const WEEK_MS = 7 * 86_400_000;

function read(folder: string, name: string): Record<string, string>[] {
  return parse(fs.readFileSync(path.join(folder, `${name}.csv`)), { columns: true, bom: true });
}

function text(row: Record<string, string>, column: string): string {
  const value = row[column];
  if (!value) throw new Error(`a row without ${column}: ${JSON.stringify(row).slice(0, 120)}`);
  return value;
}
