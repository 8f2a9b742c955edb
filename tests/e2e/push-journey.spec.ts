// The whole way of an alert, with nothing pretended but the push service's owner: a teacher finishes a class → outbox →
// Kafka → worker → push service → Firefox decrypts it and shows it → a press opens the page, after sign-in.
import { expect, test } from "@playwright/test";
import { z } from "zod";
import { eventually } from "@/tests/support/eventually";
import { startFirefox, type Firefox } from "@/tests/support/firefox";
import { PushService } from "@/tests/support/push-service";
import { classWith, type DemoPerson, demoPerson, deviceIds } from "./demo-api";
import {
  closeTheOnlyOne,
  endSession,
  OFF,
  ON,
  PATIENCE,
  press,
  proveByTest,
  reads,
  signIn,
  signInAgain,
  signedIn,
  subscribedTo,
  theOnlyOne,
  turnOff,
  turnOn,
} from "./firefox-page";

const ALERT = { title: "CampusOS", body: "Attendance update. Open CampusOS for details." };

// Two starts of a real browser and a first compilation of every page by it: slow on a busy machine.
test.describe.configure({ timeout: 120_000 });

let service: PushService;
let firefox: Firefox;
let base: string;
const api = (role: string): Promise<DemoPerson> => demoPerson(base, role);
const certificateSchema = z.object({ key: z.string(), cert: z.string() });

test.beforeAll(async ({ baseURL }) => {
  base = baseURL ?? "";
  const certificate = certificateSchema.parse(JSON.parse(process.env["CAMPUS_E2E_PUSH_CERTIFICATE"] ?? "null"));
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
  const studentId = await student.id();
  const { classSessionId, others } = await classWith(teacher, studentId);
  const mark = (status: string) =>
    teacher.post("/api/attendance/mark-bulk", { classSessionId, records: [...others, { studentId, status }] });
  await mark("PRESENT");

  const contexts = [
    await firefox.browser.createBrowserContext(),
    await firefox.browser.createBrowserContext(),
  ] as const;
  const [parentContext, studentContext] = contexts;
  const parentPage = await signedIn(parentContext, base, "guardian");
  await turnOn(parentPage);
  await proveByTest(parentPage);
  const studentPage = await signedIn(studentContext, base, "student");
  await turnOn(studentPage);
  await closeTheOnlyOne(parentPage);

  // Absent: both browsers show it, and nothing on the screen says who or what.
  await mark("ABSENT");
  const shown = await theOnlyOne(parentPage, 1);
  const shownToStudent = await theOnlyOne(studentPage, 1);
  expect([shown, shownToStudent]).toMatchObject([ALERT, ALERT]);
  const onScreen = async () => (await firefox.alerts()).some(({ text }) => text.includes(ALERT.body));
  await eventually(onScreen, { ...PATIENCE, what: "the alert on the screen" });
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
  await endSession(parentPage);
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
  const page = await signedIn(context, base, "guardian");
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
  const page = await signedIn(context, base, "guardian");
  await turnOn(page);
  await endSession(page);
  await press(page, "Sign out");
  await eventually(() => new URL(page.url()).pathname === "/login", { ...PATIENCE, what: "the sign-in page" });
  await nobody();
  await eventually(async () => (await subscribedTo(page)) === null, { ...PATIENCE, what: "no subscription" });

  // The next person is not opted in; asks for it; and ends the session without the page.
  await signInAgain(page, "student");
  await reads(page, OFF);
  await nobody();
  await turnOn(page);
  expect(await page.evaluate(async () => (await fetch("/api/logout", { method: "POST" })).status)).toBe(204);
  await nobody();
  expect(await subscribedTo(page)).not.toBeNull();
  await signInAgain(page, "guardian");
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
