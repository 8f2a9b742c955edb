// The whole way of an alert, with nothing pretended but the push service's owner: a teacher finishes a class → outbox →
// Kafka → worker → push service → Firefox decrypts it and shows it → a press opens the page, after sign-in.
import { expect, test } from "@playwright/test";
import type { BrowserContext, Page } from "puppeteer-core";
import { z } from "zod";
import accounts from "@/prisma/seed/accounts.json" with { type: "json" };
import type { Certificate } from "@/tests/support/certificate";
import { eventually } from "@/tests/support/eventually";
import { shownNotifications, startFirefox, type Firefox, type Shown } from "@/tests/support/firefox";
import { PushService } from "@/tests/support/push-service";

const ALERT = { title: "CampusOS", body: "Attendance update. Open CampusOS for details." };
const ON = "This device gets your pushes.";
const OFF = "Turn on alerts";
const PATIENCE = { timeoutMs: 20_000 };

// Two starts of a real browser and a first compilation of every page by it: slow on a busy machine.
test.describe.configure({ timeout: 120_000 });

let service: PushService;
let firefox: Firefox;
let base: string;

test.beforeAll(async ({ baseURL }) => {
  base = baseURL ?? "";
  const certificate: Certificate = certificateSchema.parse(
    JSON.parse(process.env["CAMPUS_E2E_PUSH_CERTIFICATE"] ?? "null"),
  );
  service = await new PushService({ certificate }).start();
  firefox = await startFirefox(service.browserUrl);
});
test.afterAll(async () => {
  await firefox?.close();
  await service?.stop();
});

test("an absence reaches the parent's and the student's real browser, is corrected in place, and opens after sign-in", async () => {
  const teacher = await api("teacher");
  const student = await api("student");
  const studentId = z.object({ id: z.string() }).parse(await student.get("/api/me")).id;
  const { classSessionId, others } = await classWith(teacher, studentId);
  const mark = (status: string) =>
    teacher.post("/api/attendance/mark-bulk", { classSessionId, records: [...others, { studentId, status }] });
  await mark("PRESENT");

  const contexts = [
    await firefox.browser.createBrowserContext(),
    await firefox.browser.createBrowserContext(),
  ] as const;
  const [parentContext, studentContext] = contexts;
  const parentPage = await signedIn(parentContext, "guardian", "/preferences");
  await turnOn(parentPage);
  await proveByTest(parentPage);
  const studentPage = await signedIn(studentContext, "student", "/preferences");
  await turnOn(studentPage);
  await closeTheOnlyOne(parentPage);

  // Absent: both browsers show it, and nothing on the screen says who or what.
  await mark("ABSENT");
  const shown = await theOnlyOne(parentPage, 1);
  const shownToStudent = await theOnlyOne(studentPage, 1);
  expect([shown, shownToStudent]).toMatchObject([ALERT, ALERT]);
  const [alert] = await firefox.alerts();
  expect(alert?.text).toContain(ALERT.body);
  const codes = () => service.browsers.acknowledgements.map(({ code }) => code);
  await eventually(() => codes().length >= 3, { ...PATIENCE, what: "the browsers' receipts" });
  expect(new Set(codes())).toEqual(new Set([100]));
  expect(service.requests.every(({ status }) => status === 201)).toBe(true);

  // Corrected: the alert on the screen is replaced, not joined.
  await mark("PRESENT");
  const [corrected] = await Promise.all([
    theOnlyOne(parentPage, shown.revision + 1),
    theOnlyOne(studentPage, shownToStudent.revision + 1),
  ]);
  expect(corrected).toMatchObject({ ...ALERT, tag: shown.tag });

  // Pressed by a parent whose session is over: sign-in, then the child's page.
  await closeTheOnlyOne(studentPage);
  await parentPage.deleteCookie(...(await parentPage.cookies()).filter(({ name }) => name.includes("token")));
  await firefox.pressAlert();
  const opened = await eventually(
    async () => {
      const pages = await parentContext.pages();
      return pages.find((page) => new URL(page.url()).pathname === "/login");
    },
    { ...PATIENCE, what: "the sign-in page" },
  );
  // The page that was open stays as it was: somebody may have begun to write there.
  expect(new URL(parentPage.url()).pathname).toBe("/preferences");
  expect(new URL(opened.url()).searchParams.get("from")).toMatch(/^\/n\/[A-Za-z0-9_-]+$/);
  await signIn(opened, "guardian");
  await eventually(() => new URL(opened.url()).pathname === `/family/${studentId}`, {
    ...PATIENCE,
    what: "the child's page",
  });

  // The inbox has one thing with both lines, and it is read.
  await opened.goto(`${base}/inbox`);
  await reads(opened, "Noor was absent from");
  const inbox = await opened.evaluate(() => document.querySelector("main")?.innerText ?? "");
  expect(inbox).toMatch(/Corrected from absent to present at \d\d:\d\d/);

  await Promise.all([turnOff(opened), turnOff(studentPage)]);
});

test("a browser that its push service forgot subscribes again by itself and stays the same device", async () => {
  const guardian = await api("guardian");
  const others = await deviceIds(guardian);
  const context = await firefox.browser.createBrowserContext();
  const page = await signedIn(context, "guardian", "/preferences");
  await turnOn(page);
  const [own = ""] = (await deviceIds(guardian)).filter((id) => !others.includes(id));
  const address = await subscribedTo(page);
  service.browsers.forget();
  await eventually(async () => ![null, address].includes(await subscribedTo(page)), {
    ...PATIENCE,
    what: "the renewed subscription",
  });
  await page.reload();
  await reads(page, ON);
  await proveByTest(page);
  expect(await deviceIds(guardian)).toContain(own);

  // Forgotten while it is cut off: a push finds out first, and the dead address goes; then the browser comes back.
  service.browsers.offline();
  service.browsers.forget();
  await guardian.post(`/api/push-subscriptions/${own}/test`, {});
  await eventually(async () => !(await deviceIds(guardian)).includes(own), {
    ...PATIENCE,
    what: "the dead subscription to be gone",
  });
  service.browsers.online();
  await eventually(async () => (await deviceIds(guardian)).includes(own), { ...PATIENCE, what: "the device again" });
  await page.reload();
  await reads(page, ON);
  await proveByTest(page);
  await turnOff(page);
  expect(await deviceIds(guardian)).toEqual(others);
});

test("a browser that several people use gives alerts to who turned them on there, until that person signs out", async () => {
  const guardian = await api("guardian");
  const student = await api("student");
  const before = { guardian: await deviceIds(guardian), student: await deviceIds(student) };
  const nobody = async () =>
    expect({ guardian: await deviceIds(guardian), student: await deviceIds(student) }).toEqual(before);
  const context = await firefox.browser.createBrowserContext();

  // Signed out on a page whose session was over already.
  const page = await signedIn(context, "guardian", "/preferences");
  await turnOn(page);
  await page.deleteCookie(...(await page.cookies()).filter(({ name }) => name.includes("token")));
  await press(page, "Sign out");
  await eventually(() => new URL(page.url()).pathname === "/login", { ...PATIENCE, what: "the sign-in page" });
  await nobody();
  await eventually(async () => (await subscribedTo(page)) === null, { ...PATIENCE, what: "no subscription" });

  // The next person is not opted in; asks for it; and ends the session without the page.
  await open(page, "student");
  await reads(page, OFF);
  await nobody();
  await turnOn(page);
  expect(await page.evaluate(async () => (await fetch("/api/logout", { method: "POST" })).status)).toBe(204);
  await nobody();
  expect(await subscribedTo(page)).not.toBeNull();
  await open(page, "guardian");
  await eventually(async () => (await subscribedTo(page)) === null, { ...PATIENCE, what: "no subscription" });
  await nobody();

  // Removed from elsewhere, it does not come back with the next page.
  await reads(page, OFF);
  await turnOn(page);
  const own = (await deviceIds(guardian)).filter((id) => !before.guardian.includes(id));
  expect(own).toHaveLength(1);
  for (const id of own) await guardian.remove(`/api/push-subscriptions/${id}`);
  await page.reload();
  await eventually(async () => (await subscribedTo(page)) === null, { ...PATIENCE, what: "no subscription" });
  await reads(page, OFF);
  await nobody();
});

/** Signs another person in, in a browser where nobody is. */
async function open(page: Page, role: string): Promise<void> {
  await page.goto(`${base}/login?from=/preferences`);
  await signIn(page, role);
  await eventually(() => new URL(page.url()).pathname === "/preferences", { ...PATIENCE, what: "the preferences" });
}

/** The address that the page's browser is subscribed with, or null. */
function subscribedTo(page: Page): Promise<string | null> {
  return page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    return (await registration?.pushManager.getSubscription())?.endpoint ?? null;
  });
}

const devicesSchema = z.object({ items: z.array(z.object({ id: z.string() })) });

async function deviceIds(person: Awaited<ReturnType<typeof api>>): Promise<string[]> {
  return devicesSchema.parse(await person.get("/api/push-subscriptions")).items.map(({ id }) => id);
}

const certificateSchema = z.object({ key: z.string(), cert: z.string() });
const sessionsSchema = z.object({ items: z.array(z.object({ id: z.string(), state: z.string() })) });
const sheetSchema = z.object({
  roster: z.array(z.object({ student: z.object({ id: z.string() }), status: z.string().nullable() })),
});

function account(role: string): { email: string; password: string } {
  const found = accounts.find((candidate) => candidate.role === role);
  if (!found) throw new Error(`no demo account for ${role}`);
  return found;
}

async function api(role: string) {
  const call = async (path: string, init: RequestInit): Promise<unknown> => {
    const answer = await fetch(base + path, init);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${text}`);
    return text === "" ? null : JSON.parse(text);
  };
  const json = { "content-type": "application/json" };
  const { email, password } = account(role);
  const tokens = await call("/api/login", { method: "POST", headers: json, body: JSON.stringify({ email, password }) });
  const { accessToken } = z.object({ accessToken: z.string() }).parse(tokens);
  const headers = { ...json, authorization: `Bearer ${accessToken}` };
  return {
    get: (path: string) => call(path, { headers }),
    post: (path: string, body: unknown) => call(path, { method: "POST", headers, body: JSON.stringify(body) }),
    remove: (path: string) => call(path, { method: "DELETE", headers }),
  };
}

/** A class of the teacher's that is on or over today and has the student; the others in it count as present. */
async function classWith(teacher: Awaited<ReturnType<typeof api>>, studentId: string) {
  const { items } = sessionsSchema.parse(await teacher.get("/api/class-sessions"));
  for (const { id, state } of items) {
    if (state !== "OPEN" && state !== "FINALIZED") continue;
    const { roster } = sheetSchema.parse(await teacher.get(`/api/attendance/${id}`));
    if (!roster.some((row) => row.student.id === studentId)) continue;
    const unmarked = roster.filter((row) => row.student.id !== studentId && row.status === null);
    const others = unmarked.map((row) => ({ studentId: row.student.id, status: "PRESENT" }));
    return { classSessionId: id, others };
  }
  throw new Error("the demo teacher has no open class with the demo student");
}

async function signedIn(context: BrowserContext, role: string, path: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${base}/login?${new URLSearchParams({ from: path }).toString()}`);
  await signIn(page, role);
  await eventually(() => new URL(page.url()).pathname === path, { ...PATIENCE, what: `${path} after sign-in` });
  return page;
}

async function signIn(page: Page, role: string): Promise<void> {
  const { email, password } = account(role);
  await page.waitForSelector('input[name="email"]');
  await page.type('input[name="email"]', email);
  await page.type('input[name="password"]', password);
  await page.keyboard.press("Enter");
}

const press = (page: Page, label: string) =>
  eventually(
    () =>
      page.evaluate((wanted) => {
        const found = [...document.querySelectorAll("button")].find(
          (button) => button.textContent === wanted && !button.disabled,
        );
        found?.click();
        return found !== undefined;
      }, label),
    { ...PATIENCE, what: `the button “${label}”` },
  );
const reads = (page: Page, text: string) =>
  eventually(() => page.evaluate((wanted) => document.body.innerText.includes(wanted), text), {
    ...PATIENCE,
    what: `“${text}” on the page`,
  });

async function turnOn(page: Page): Promise<void> {
  await press(page, OFF);
  await reads(page, ON);
}

async function proveByTest(page: Page): Promise<void> {
  await press(page, "Send a test alert to this device");
  await reads(page, "Delivered at");
}

async function turnOff(page: Page): Promise<void> {
  await page.goto(`${base}/preferences`);
  await press(page, "Turn off");
  await reads(page, OFF);
}

/** Waits until a page shows one notification and no other, of at least this revision. */
function theOnlyOne(page: Page, revision: number): Promise<Shown> {
  return eventually(
    async () => {
      const [notification, ...more] = await shownNotifications(page);
      return notification && more.length === 0 && notification.revision >= revision ? notification : null;
    },
    { ...PATIENCE, what: `one notification of revision ${revision}` },
  );
}

/** Closes the one notification that a page has, once it is listed; returns when the browser no longer lists it. */
async function closeTheOnlyOne(page: Page): Promise<void> {
  await theOnlyOne(page, 0);
  await page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    for (const notification of await registration.getNotifications()) notification.close();
  });
  await eventually(async () => (await shownNotifications(page)).length === 0, {
    ...PATIENCE,
    what: "the closed notification to be gone",
  });
}
