import { rosterCsvOf } from "@/lib/roster/run/write-csv";
import { DEMO_SECTION, DEMO_SCHOOL } from "./demo-now";
import { localDateOf } from "@/lib/shared/time";
import accounts from "./accounts.json";
import { FAMILY_NAMES, GIVEN_NAMES, seededRandom } from "./people";

const DAY_MS = 86_400_000;
const STUDENTS = 60;
const SECTIONS_EACH = 5;
/** Sections (by index) that are full to the last seat. */
const FULL = new Set([3, 7, 12, 16, 20]);

/** Title, code, subject, credits, then the meetings of each of its sections. */
const COURSES: readonly [title: string, code: string, subject: string, credits: number, ...meetings: string[]][] = [
  ["Advisory and Study Skills", "ADV100", "Student Life", 1, "MO 10:00-10:50;WE 10:00-10:50;FR 10:00-10:50"],
  ["Algebra II", "MAT210", "Mathematics", 4, "MO 08:00-09:20;WE 08:00-09:20", "TU 13:00-14:20;TH 13:00-14:20"],
  ["Calculus", "MAT310", "Mathematics", 5, "MO 11:00-12:20;WE 11:00-12:20", "TU 08:00-09:20;TH 08:00-09:20"],
  ["Statistics", "MAT240", "Mathematics", 3, "FR 08:00-09:50"],
  ["World Literature", "ENG220", "Languages", 4, "TU 09:30-10:50;TH 09:30-10:50", "MO 13:00-14:20;WE 13:00-14:20"],
  ["Creative Writing", "ENG150", "Languages", 2, "FR 11:00-12:50"],
  ["Spanish I", "SPA110", "Languages", 4, "TU 11:00-12:20;TH 11:00-12:20", "MO 14:30-15:50;WE 14:30-15:50"],
  ["Biology", "BIO210", "Science", 4, "TU 14:30-15:50;TH 14:30-15:50", "MO 08:00-09:20;TH 16:00-17:20"],
  ["Chemistry", "CHE210", "Science", 5, "WE 16:00-17:50;FR 13:00-14:20", "TU 08:00-09:20;FR 14:30-15:50"],
  ["Physics", "PHY210", "Science", 5, "MO 11:00-12:20;TH 14:30-15:50"],
  ["World History", "HIS200", "Humanities", 3, "WE 08:00-09:20;FR 08:00-09:20", "TU 13:00-14:20;TH 08:00-09:20"],
  ["Philosophy", "PHI210", "Humanities", 3, "TH 16:00-17:50"],
  ["Programming", "INF120", "Computing", 4, "MO 16:00-17:20;WE 16:00-17:20", "TU 09:30-10:50;FR 11:00-12:20"],
  ["Data and Society", "INF220", "Computing", 3, "TH 11:00-12:50"],
  ["Studio Art", "ART110", "Arts", 2, "FR 13:00-15:50", "TU 16:00-18:50"],
  ["Chamber Music", "MUS130", "Arts", 2, "TH 18:00-19:50"],
];

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  ADV100: "Plan your term, learn how to study for exams, and meet your adviser three times a week.",
  MAT210: "Functions, equations and inequalities, with applications from finance and science.",
  MAT310: "Limits, derivatives and integrals.\n\nYou need Algebra II, or the placement test of the department.",
  MAT240: "Collecting, describing and comparing data; chance, sampling, and how numbers mislead.",
  ENG220: "Novels, plays and poems from six continents, read in translation and discussed in small groups.",
  ENG150: "Short fiction and poetry. You write every week and read your work to the class.",
  SPA110: "Spanish for beginners: speaking and listening first, then reading and writing.",
  BIO210: "Cells, heredity, evolution and ecosystems, with a lab every other week.",
  CHE210: "Atoms, bonds, reactions and energy.\n\nBring safety glasses to the Friday lab.",
  PHY210: "Motion, forces, waves and electricity, built up from experiments.",
  HIS200: "How trade, empire and revolution shaped the world from 1450 to today.",
  PHI210: "What can we know, what should we do? Arguments from Plato to the present.",
  INF120: "Programming from the first line to a small game of your own. No experience needed.",
  INF220: "How data about us is collected and used, and what the law and we can do about it.",
  ART110: "Drawing, painting and print. Materials are provided; wear old clothes.",
  MUS130: "Small ensembles for all instruments, with a concert at the end of the term.",
};

type DemoSection = { id: string; course: string; code: string; meetings: string; teacher: string; members: string[] };

/** The demo school as OneRoster files, with a term that holds at `now`. The same for every `now` but for the dates. */
export function demoSchoolFiles(now: Date, timeZone: string): Record<string, string> {
  const sections = demoSections();
  enrollEverybody(sections);
  const term = { id: DEMO_SCHOOL.term, ...demoTerm(now, timeZone) };
  return {
    "manifest.csv": rosterCsvOf([
      ["propertyName", "value"],
      ["manifest.version", "1.0"],
      ["oneroster.version", "1.1"],
      ...["academicSessions", "orgs", "courses", "classes", "users", "enrollments"].map((name) => [
        `file.${name}`,
        "bulk",
      ]),
    ]),
    "orgs.csv": demoOrg(),
    "academicSessions.csv": demoTermFile(term),
    "courses.csv": rosterCsvOf([
      ["sourcedId", "title", "courseCode", "orgSourcedId", "subjects", "metadata.credits", "metadata.description"],
      ...COURSES.map(([title, code, subject, credits]) => [
        code,
        title,
        code,
        DEMO_SCHOOL.sourcedId,
        subject,
        credits,
        DESCRIPTIONS[code] ?? "",
      ]),
    ]),
    "classes.csv": rosterCsvOf([
      [
        "sourcedId",
        "title",
        "courseSourcedId",
        "classCode",
        "location",
        "schoolSourcedId",
        "termSourcedIds",
        "metadata.capacity",
        "metadata.waitlistCapacity",
        "metadata.meetings",
      ],
      ...sections.map((section, index) => [
        section.id,
        "",
        section.course,
        section.code,
        `Room ${101 + ((index * 7) % 24)}`,
        DEMO_SCHOOL.sourcedId,
        term.id,
        FULL.has(index) ? section.members.length : Math.max(24, section.members.length + 4),
        10,
        section.meetings,
      ]),
    ]),
    "users.csv": rosterCsvOf([
      ["sourcedId", "enabledUser", "orgSourcedIds", "role", "givenName", "familyName", "email", "agentSourcedIds"],
      ...users(),
    ]),
    "enrollments.csv": rosterCsvOf([
      ["sourcedId", "classSourcedId", "schoolSourcedId", "userSourcedId", "role"],
      ...sections.map((section) => [`t-${section.id}`, section.id, DEMO_SCHOOL.sourcedId, section.teacher, "teacher"]),
      ...sections.flatMap((section) =>
        section.members.map((user) => [`${section.id}-${user}`, section.id, DEMO_SCHOOL.sourcedId, user, "student"]),
      ),
    ]),
  };
}

/** A term that would be longer than this begins anew: a school of several years in one term is no school to look at. */
const LONGEST_TERM_MS = 300 * DAY_MS;

/** The files that move the end of a stored demo term that began on `began`; an import changes nothing else. */
export function demoTermFiles(began: string, now: Date, timeZone: string): Record<string, string> {
  const { title, endsOn, startsOn: anew } = demoTerm(now, timeZone);
  const startsOn = Date.parse(endsOn) - Date.parse(began) <= LONGEST_TERM_MS ? began : anew;
  return {
    "manifest.csv": rosterCsvOf([
      ["propertyName", "value"],
      ["oneroster.version", "1.1"],
      ["file.orgs", "bulk"],
      ["file.academicSessions", "delta"],
    ]),
    "orgs.csv": demoOrg(),
    "academicSessions.csv": demoTermFile({ id: DEMO_SCHOOL.term, title, startsOn, endsOn }),
  };
}

function demoOrg(): string {
  return rosterCsvOf([
    ["sourcedId", "name", "type"],
    [DEMO_SCHOOL.sourcedId, "Willow Creek School", "school"],
  ]);
}

function demoTermFile(term: { id: string; title: string; startsOn: string; endsOn: string }): string {
  return rosterCsvOf([
    ["sourcedId", "title", "type", "startDate", "endDate"],
    [term.id, term.title, "semester", term.startsOn, term.endsOn],
  ]);
}

// Seven weeks behind us to look at, ten ahead to enroll in.
function demoTerm(now: Date, timeZone: string): { title: string; startsOn: string; endsOn: string } {
  const today = localDateOf(now, timeZone);
  const todayMs = Date.parse(`${today}T00:00:00Z`);
  const monday = todayMs - ((new Date(todayMs).getUTCDay() + 6) % 7) * DAY_MS;
  const date = (weeks: number, days: number) =>
    new Date(monday + (weeks * 7 + days) * DAY_MS).toISOString().slice(0, 10);
  const month = Number(today.slice(5, 7));
  const season = month < 3 || month === 12 ? "Winter" : month < 6 ? "Spring" : month < 9 ? "Summer" : "Autumn";
  return { title: `${season} ${today.slice(0, 4)}`, startsOn: date(-7, 0), endsOn: date(10, 6) };
}

function demoSections(): DemoSection[] {
  const sections: DemoSection[] = [];
  for (const [courseIndex, [, code, , , ...meetings]] of COURSES.entries()) {
    for (const [index, written] of meetings.entries()) {
      // The demo teacher has the advisory and some mathematics; the others share the rest.
      const own = courseIndex === 0 || (courseIndex <= 2 && index === 0);
      const teacher = own ? "teacher-1" : `teacher-${2 + (sections.length % 7)}`;
      const id = courseIndex === 0 ? DEMO_SECTION : `${code}-${index + 1}`;
      sections.push({ id, course: code, code: `${code}-${index + 1}`, meetings: written, teacher, members: [] });
    }
  }
  return sections;
}

function enrollEverybody(sections: DemoSection[]): void {
  const random = seededRandom(20_260_901);
  const limits = sections.map((_, index) => (FULL.has(index) ? 8 + (index % 5) : 20));
  for (let n = 1; n <= STUDENTS; n++) {
    const student = `student-${n}`;
    const own: DemoSection[] = [];
    const order = sections.map((section, index) => ({ section, index, key: random() })).sort((a, b) => a.key - b.key);
    // The demo student's class is the demo teacher's; they take two courses less, so that there is room to enroll.
    const advised = n <= 18 ? order.filter(({ section }) => section.id === DEMO_SECTION) : [];
    const wanted = n === 1 ? SECTIONS_EACH - 2 : SECTIONS_EACH;
    for (const { section, index } of [...advised, ...order]) {
      if (own.length === wanted) break;
      const isAdvisory = section.id === DEMO_SECTION;
      if (own.includes(section) || (isAdvisory && n > 18) || section.members.length >= (limits[index] ?? 0)) continue;
      if (n === 1 && FULL.has(index)) continue;
      if (own.some((other) => other.course === section.course || overlaps(other.meetings, section.meetings))) continue;
      own.push(section);
      section.members.push(student);
    }
  }
}

function overlaps(a: string, b: string): boolean {
  const spans = (text: string) =>
    text.split(";").map((part) => ({ day: part.slice(0, 2), start: part.slice(3, 8), end: part.slice(9, 14) }));
  return spans(a).some((one) =>
    spans(b).some((two) => one.day === two.day && one.start < two.end && two.start < one.end),
  );
}

function users(): (string | number)[][] {
  const school = DEMO_SCHOOL.sourcedId;
  const rows: (string | number)[][] = [];
  const add = (id: string, role: string, given: string, family: string, email: string, agents = "") =>
    rows.push([id, "true", school, role, given, family, email, agents]);
  const named = (index: number) => {
    const given = GIVEN_NAMES[index % GIVEN_NAMES.length] ?? "";
    const family = FAMILY_NAMES[(index * 5 + Math.floor(index / GIVEN_NAMES.length)) % FAMILY_NAMES.length] ?? "";
    return { given, family, email: `${given}.${family}.${index}@demo.campusos.example`.toLowerCase() };
  };
  for (const { role, name, email } of accounts) {
    const [given = "", family = ""] = name.split(" ");
    const id = role === "admin" ? "admin-1" : `${role}-1`;
    // The demo guardian has two children, so that the family page has something to choose between.
    add(
      id,
      role === "admin" ? "administrator" : role,
      given,
      family,
      email,
      role === "guardian" ? "student-1,student-2" : "",
    );
  }
  const demoFamily = accounts.find(({ role }) => role === "guardian")?.name.split(" ")[1] ?? "";
  for (let n = 2; n <= STUDENTS; n++) {
    const { given, family, email } = named(n);
    if (n === 2) add("student-2", "student", "Elin", demoFamily, "elin.student@demo.campusos.example");
    else add(`student-${n}`, "student", given, family, email, n % 4 === 0 ? "" : `guardian-${n}`);
    if (n > 2 && n % 4 !== 0) {
      const parent = named(200 + n);
      add(`guardian-${n}`, "guardian", parent.given, family, parent.email);
    }
  }
  for (let n = 2; n <= 8; n++) {
    const { given, family, email } = named(100 + n * 3);
    add(`teacher-${n}`, "teacher", given, family, email);
  }
  return rows;
}
