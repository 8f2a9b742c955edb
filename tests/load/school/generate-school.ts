import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { rosterCsvOf } from "@/lib/roster/run/write-csv";
import { FAMILY_NAMES, GIVEN_NAMES, seededRandom } from "@/prisma/seed/people";

export type SchoolShape = {
  seed: number;
  students: number;
  teachers: number;
  sections: number;
  /** Courses as students wish for them; about a third has a lecture and seminars of its own. */
  courses: number;
  /** sourcedId of the school; also makes its e-mail addresses. */
  school: string;
  startsOn: string;
  endsOn: string;
};

/** The shape of a real faculty's term: a few very popular courses, many small ones, about ten wishes a student. */
export const FACULTY: SchoolShape = {
  seed: 1,
  students: 1_543,
  teachers: 192,
  sections: 574,
  courses: 241,
  school: "faculty",
  startsOn: "2026-09-21",
  endsOn: "2027-01-03",
};

const SUBJECTS = [
  "Informatics",
  "Mathematics",
  "Statistics",
  "Physics",
  "Economics",
  "Languages",
  "Design",
  "Philosophy",
];
const DAYS = ["MO", "TU", "WE", "TH", "FR"];
const TIMES = ["08:00-09:50", "10:00-11:50", "12:00-13:50", "14:00-15:50", "16:00-17:50", "18:00-19:50", "10:00-10:50"];
const WEEKS = ["011111111111110", "011111111111110", "011111011111110", "011110111111110", "010101010101010"];

type Component = {
  id: string;
  title: string;
  code: string;
  subject: string;
  seminar: boolean;
  demand: number;
  sections: number;
};

/** Writes the files of {@link generatedFiles} to a folder, made when it is not there. */
export async function generateSchool(folder: string, shape: Partial<SchoolShape> = {}): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(generatedFiles(shape))) await writeFile(path.join(folder, name), text);
}

/**
 * A synthetic school as OneRoster 1.1 files plus `demands.csv` (`studentSourcedId,courseSourcedId,priority`), the same
 * for the same seed. Popular courses have a little less room than wishes.
 */
export function generatedFiles(wanted: Partial<SchoolShape> = {}): Record<string, string> {
  const shape = { ...FACULTY, ...wanted };
  const { school } = shape;
  const random = seededRandom(shape.seed);
  const courses = componentsOf(shape.courses);
  const demands = demandsOf(shape.students, courses, random);
  const components = courses.flat();
  shareSections(components, shape.sections);
  const classes = classRows(components, shape, random);
  return {
    "manifest.csv": rosterCsvOf([
      ["propertyName", "value"],
      ["manifest.version", "1.0"],
      ["oneroster.version", "1.1"],
      ...["academicSessions", "classes", "courses", "enrollments", "orgs", "users"].map((name) => [
        `file.${name}`,
        "bulk",
      ]),
    ]),
    "orgs.csv": rosterCsvOf([
      ["sourcedId", "status", "dateLastModified", "name", "type", "identifier", "parentSourcedId"],
      [school, "", "", `Generated ${school}`, "school", school, ""],
    ]),
    "academicSessions.csv": rosterCsvOf([
      [
        "sourcedId",
        "status",
        "dateLastModified",
        "title",
        "type",
        "startDate",
        "endDate",
        "parentSourcedId",
        "schoolYear",
      ],
      ["term-1", "", "", "First term", "semester", shape.startsOn, shape.endsOn, "", shape.endsOn.slice(0, 4)],
    ]),
    "courses.csv": rosterCsvOf([
      [
        "sourcedId",
        "status",
        "dateLastModified",
        "title",
        "courseCode",
        "orgSourcedId",
        "subjects",
        "metadata.credits",
      ],
      ...components.map((it) => [it.id, "", "", it.title, it.code, school, it.subject, it.seminar ? 1 : 4]),
    ]),
    "classes.csv": classes,
    "users.csv": userRows(shape),
    "enrollments.csv": rosterCsvOf([
      [
        "sourcedId",
        "status",
        "dateLastModified",
        "classSourcedId",
        "schoolSourcedId",
        "userSourcedId",
        "role",
        "primary",
      ],
      ...Array.from({ length: shape.sections }, (_, index) => {
        const teacher = `t${1 + (index % shape.teachers)}`;
        return [`e-s${index + 1}-${teacher}`, "", "", `s${index + 1}`, school, teacher, "teacher", "true"];
      }),
    ]),
    "demands.csv": rosterCsvOf([["studentSourcedId", "courseSourcedId", "priority"], ...demands]),
  };
}

function componentsOf(count: number): Component[][] {
  return Array.from({ length: count }, (_, index): Component[] => {
    const subject = SUBJECTS[index % SUBJECTS.length] ?? "";
    const code = `${subject.slice(0, 3).toUpperCase()}${101 + index}`;
    const title = `${subject} ${101 + index}`;
    const base = { title, code, subject, seminar: false, demand: 0, sections: 1 };
    if (index % 3 !== 0) return [{ ...base, id: `c${index + 1}` }];
    return [
      { ...base, id: `c${index + 1}-l`, title: `${title} – Lecture`, code: `${code}-L` },
      { ...base, id: `c${index + 1}-s`, title: `${title} – Seminar`, code: `${code}-S`, seminar: true },
    ];
  });
}

function demandsOf(students: number, courses: readonly Component[][], random: () => number): (string | number)[][] {
  const weights = courses.map((_, index) => 1 / (index + 4) ** 0.75);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const pick = () => {
    let left = random() * total;
    return Math.max(
      0,
      weights.findIndex((weight) => (left -= weight) < 0),
    );
  };
  const rows: (string | number)[][] = [];
  for (let n = 1; n <= students; n++) {
    const chosen = new Set<number>();
    const wanted = Math.min(courses.length, 2 + Math.floor(random() * 10));
    for (let tries = 0; chosen.size < wanted && tries < 200; tries++) chosen.add(pick());
    let priority = 0;
    for (const index of chosen) {
      priority += 1;
      for (const component of courses[index] ?? []) {
        component.demand += 1;
        rows.push([`u${n}`, component.id, priority]);
      }
    }
  }
  return rows;
}

// The sections beyond one each go where most people wait for a seat; seminars are small, so they get most.
function shareSections(components: Component[], sections: number): void {
  const need = (it: Component) => it.demand / it.sections / (it.seminar ? 1 : 8);
  for (let left = sections - components.length; left > 0; left--) {
    const neediest = components.reduce((best, it) => (need(it) > need(best) ? it : best));
    neediest.sections += 1;
  }
}

function classRows(components: readonly Component[], shape: SchoolShape, random: () => number): string {
  const rows: (string | number)[][] = [];
  for (const component of components) {
    for (let n = 1; n <= component.sections; n++) {
      const one = <T>(values: readonly T[]) => values[Math.floor(random() * values.length)];
      const capacity = Math.max(1, Math.round((component.demand / component.sections) * (0.85 + random() * 0.25)));
      const id = `s${rows.length + 1}`;
      const meeting = `${one(DAYS)} ${one(TIMES)}`;
      rows.push([
        ...[id, "", "", component.title, component.id, `${component.code}-${String(n).padStart(2, "0")}`, "scheduled"],
        ...[`Room ${1 + (rows.length % 40)}`, shape.school, "term-1", component.subject],
        ...[capacity, meeting, one(WEEKS) ?? ""],
      ]);
    }
  }
  return rosterCsvOf([
    [
      "sourcedId",
      "status",
      "dateLastModified",
      "title",
      "courseSourcedId",
      "classCode",
      "classType",
      "location",
      "schoolSourcedId",
      "termSourcedIds",
      "subjects",
      "metadata.capacity",
      "metadata.meetings",
      "metadata.weeks",
    ],
    ...rows.slice(0, shape.sections),
  ]);
}

function userRows({ students, teachers, school }: SchoolShape): string {
  const rows: (string | number)[][] = [];
  const add = (id: string, role: string, index: number, family: number, agents = "") =>
    rows.push([
      ...[id, "", "", "true", school, role, id, GIVEN_NAMES[index % GIVEN_NAMES.length] ?? ""],
      ...[FAMILY_NAMES[family % FAMILY_NAMES.length] ?? "", `${id}@${school}.example.edu`, agents],
    ]);
  for (let n = 1; n <= teachers; n++) add(`t${n}`, "teacher", n * 7, n * 3);
  for (let n = 1; n <= students; n++) {
    const agents = Array.from({ length: n % 8 === 0 ? 0 : n % 3 === 0 ? 1 : 2 }, (_, k) => `g${n}-${k + 1}`);
    add(`u${n}`, "student", n, n * 5, agents.join(","));
    for (const [k, agent] of agents.entries()) add(agent, "guardian", n * 11 + k, n * 5, `u${n}`);
  }
  return rosterCsvOf([
    [
      "sourcedId",
      "status",
      "dateLastModified",
      "enabledUser",
      "orgSourcedIds",
      "role",
      "username",
      "givenName",
      "familyName",
      "email",
      "agentSourcedIds",
    ],
    ...rows,
  ]);
}
