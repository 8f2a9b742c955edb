// In which language a page is shown, and that a session which an older version has cached is still one.
import { beforeAll, expect, it, vi } from "vitest";
import { getMe } from "@/lib/identity/people/get-me";
import { accessCookieName } from "@/lib/identity/sessions/session-cookies";
import { signAccessToken } from "@/lib/identity/sessions/access-token";
import { cache } from "@/lib/platform/cache/cache";
import { db } from "@/lib/platform/db/client";
import { newId } from "@/lib/shared/ids";
import { PSEUDO, speakPseudo } from "@/tests/support/pseudo-locale";
import { at, buildSchool, type TestSchool } from "@/tests/support/school";
import { pageLocale } from "./page-locale";

/** The request that the page answers; Next.js has no other place for it outside of its own server. */
const asked = vi.hoisted(() => ({ headers: new Headers() }));
vi.mock("next/headers", () => ({ headers: () => Promise.resolve(asked.headers) }));

let school: TestSchool;
beforeAll(async () => {
  school = await buildSchool(db());
});

const student = () => at(school.students, 0);
const actorOf = (sessionId: string) => {
  const { id: userId, schoolId, roles } = student();
  return { userId, schoolId, roles, sessionId };
};

async function localeOf({ isSignedIn, accepts }: { isSignedIn: boolean; accepts?: string }): Promise<string> {
  asked.headers = new Headers(accepts === undefined ? {} : { "accept-language": accepts });
  const token = await signAccessToken(actorOf(newId()), new Date());
  if (isSignedIn) asked.headers.set("cookie", `${accessCookieName()}=${token}`);
  return pageLocale();
}
const personSpeaks = (locale: string | null) => db().user.update({ where: { id: student().id }, data: { locale } });
const schoolSpeaks = (locale: string) => db().school.update({ where: { id: school.school.id }, data: { locale } });

it("with one language nobody is asked, not even the request", async () => {
  asked.headers = new Headers({ "accept-language": PSEUDO });
  expect(await pageLocale()).toBe("en");
});

it("is the person's, else the school's; before signing in the only school's, else what the browser accepts", async () => {
  speakPseudo();
  const other = PSEUDO;
  await personSpeaks(other);
  expect(await localeOf({ isSignedIn: true, accepts: "en" })).toBe(other);
  await personSpeaks("en-GB");
  expect(await localeOf({ isSignedIn: true, accepts: other })).toBe("en");
  await personSpeaks(null);
  expect(await localeOf({ isSignedIn: true, accepts: other })).toBe("en");
  await schoolSpeaks(other);
  expect(await localeOf({ isSignedIn: true, accepts: "en" })).toBe(other);
  expect(await localeOf({ isSignedIn: false, accepts: "en" })).toBe(other);
  await buildSchool(db()); // from here on nobody knows whose visitor it is
  expect(await localeOf({ isSignedIn: false, accepts: `fr, ${other};q=0.5` })).toBe(other);
  expect(await localeOf({ isSignedIn: false })).toBe("en");
});

it("a session that an older version has cached is read anew, with its languages", async () => {
  const sessionId = newId();
  const { id, email, schoolId: _, ...rest } = student();
  const { timeZone, name } = school.school;
  const older = {
    id,
    name: "Student Number0000",
    email,
    roles: rest.roles,
    school: { id: school.school.id, name, timeZone },
  };
  await cache().set(`session:${sessionId}`, JSON.stringify(older), 30_000);
  const me = await getMe({ actor: actorOf(sessionId) });
  expect(me).toEqual({ ...older, locale: null, school: { ...older.school, locale: PSEUDO } });
  expect(JSON.parse((await cache().get(`session:${sessionId}`)) ?? "")).toEqual(me);
});
