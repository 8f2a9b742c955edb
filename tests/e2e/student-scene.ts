// Two students of the demo school, what they may take, and the pages as a browser sees them; for the student's specs.
import { AxeBuilder } from "@axe-core/playwright";
import { type APIRequestContext, type Browser, expect, type Page, test } from "@playwright/test";
import { signInTo } from "./sign-in";
import accounts from "@/prisma/seed/accounts.json" with { type: "json" };

const password = accounts[0]?.password ?? "";
const email = "dario.petrov.3@demo.campusos.example";
const otherEmail = "elif.ulrich.4@demo.campusos.example";

export type Section = {
  id: string;
  code: string;
  seatsAvailable: number;
  blockers: string[];
  course: { title: string };
  meetings: { day: string; startsAt: string; endsAt: string; location: string | null }[];
};
type Person = { token: string; request: APIRequestContext };

async function personOf(request: APIRequestContext, who: string): Promise<Person> {
  const answer = await request.post("/api/login", { data: { email: who, password } });
  expect(answer.status()).toBe(200);
  return { token: ((await answer.json()) as { accessToken: string }).accessToken, request };
}

export async function call(person: Person, method: string, path: string, data?: unknown) {
  const answer = await person.request.fetch(path, {
    method,
    headers: { authorization: `Bearer ${person.token}` },
    ...(data === undefined ? {} : { data }),
  });
  return { status: answer.status(), body: (answer.status() === 204 ? null : await answer.json()) as unknown };
}

/** Sections that a person can take now, with enough seats for two. */
export async function takable(person: Person): Promise<Section[]> {
  const { body } = await call(person, "GET", "/api/sections/available?limit=200");
  const { items } = body as { items: Section[] };
  return items.filter((item) => item.blockers.length === 0 && item.seatsAvailable > 2);
}

export async function sectionsBy(person: Person, query: string): Promise<Section[]> {
  const { body } = await call(person, "GET", `/api/sections/available?limit=200&${query}`);
  return (body as { items: Section[] }).items;
}

export async function dropAllTaken(person: Person, before: ReadonlySet<string>): Promise<void> {
  for (const id of await enrollmentIds(person))
    if (!before.has(id)) await call(person, "DELETE", `/api/enrollments/${id}`);
}

export async function enrollmentIds(person: Person): Promise<string[]> {
  const { body } = await call(person, "GET", "/api/enrollments?limit=200");
  return (body as { items: { id: string }[] }).items.map(({ id }) => id);
}

export async function signIn(page: Page, path: string): Promise<void> {
  await signInTo(page, { email, password }, path);
}

export async function expectAccessible(page: Page, part = "html"): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .include(part)
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
    .analyze();
  expect(violations.map((violation) => `${violation.id}: ${violation.nodes[0]?.html ?? ""}`)).toEqual([]);
}

export const rowOf = (page: Page, section: Section) =>
  page.getByRole("row").filter({ has: page.getByRole("rowheader", { name: section.code, exact: true }) });
/** What a press on the section's button was answered with, over the full width under its row. */
export const alertOf = (page: Page, section: Section) =>
  page.locator(`tr[data-section="${section.id}"]`).getByRole("alert");
export const first = (sections: Section[]): Section => {
  const [section] = sections;
  if (!section) throw new Error("the demo school has no section that this student can take");
  return section;
};
export const live = (page: Page) => page.locator("[data-live=fresh]").first();

export async function phone(
  browser: Browser,
  options: { baseURL: string; colorScheme: "light" | "dark" },
): Promise<Page> {
  const context = await browser.newContext({
    ...options,
    viewport: { width: 360, height: 740 },
    hasTouch: true,
    isMobile: true,
  });
  return context.newPage();
}

export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const [scroll, width] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
  expect(scroll).toBeLessThanOrEqual(width ?? 0);
}

/** The two students, signed in at the API before the tests; what a test lets them take is given back after it. */
export function demoStudents(): { me: Person; other: Person; mine: ReadonlySet<string> } {
  const students: { me: Person | null; other: Person | null; mine: Set<string>; theirs: Set<string> } = {
    me: null,
    other: null,
    mine: new Set(),
    theirs: new Set(),
  };
  const known = (person: Person | null): Person => {
    if (!person) throw new Error("asked before the tests began");
    return person;
  };
  test.beforeAll(async ({ playwright, baseURL }) => {
    const request = await playwright.request.newContext({ baseURL: baseURL ?? "" });
    students.me = await personOf(request, email);
    students.other = await personOf(request, otherEmail);
    students.mine = new Set(await enrollmentIds(students.me));
    students.theirs = new Set(await enrollmentIds(students.other));
  });
  test.afterEach(async () => {
    await dropAllTaken(known(students.me), students.mine);
    await dropAllTaken(known(students.other), students.theirs);
  });
  test.afterAll(() => known(students.me).request.dispose());
  return {
    get me() {
      return known(students.me);
    },
    get other() {
      return known(students.other);
    },
    get mine() {
      return students.mine;
    },
  };
}
