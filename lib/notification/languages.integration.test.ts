// Everybody is written to in their own language: push, mail and inbox of one absence.
import { GET as inboxRoute } from "@/app/api/notifications/route";
import { beforeAll, expect, it } from "vitest";
import { signAccessToken } from "@/lib/identity/sessions/access-token";
import { db } from "@/lib/platform/db/client";
import { newId } from "@/lib/shared/ids";
import { mailScene } from "@/tests/support/mail-scene";
import { PSEUDO, speakPseudo } from "@/tests/support/pseudo-locale";
import { pushScene } from "@/tests/support/push-scene";
import { at, contextOf } from "@/tests/support/school";
import { savePreferences } from "./preferences/save-preferences";

const { server, sendMails } = mailScene();
const { service, school, guardian, phoneOf, absent, send } = pushScene({ students: 1, guardiansOf: [0, 0, 0] });

const ENGLISH = {
  lang: "en",
  push: "Attendance update. Open CampusOS for details.",
  title: "Student was absent from Physics",
};
const OTHER = { lang: PSEUDO, push: `⟦${ENGLISH.push}⟧`, title: `⟦${ENGLISH.title}⟧` };

beforeAll(speakPseudo);

const speaks = (n: number, locale: string | null) =>
  db().user.update({ where: { id: guardian(n).id }, data: { locale }, select: { email: true } });

/** The language and words in which each guardian gets an absence, by push, by mail and in the inbox of the API. */
async function heard(acceptLanguage?: string) {
  const phones = [];
  for (const n of [0, 1, 2]) {
    phones.push(await phoneOf(guardian(n)));
    await savePreferences(contextOf(guardian(n)), { categories: { absence: { email: true } } });
  }
  await absent();
  await send();
  await sendMails();
  return Promise.all(
    phones.map(async ({ token }, n) => {
      const { notification } = JSON.parse(at(service.receivedBy(token), 0).plaintext) as {
        notification: { body: string; lang: string };
      };
      const { email } = await db().user.findUniqueOrThrow({ where: { id: guardian(n).id } });
      const { html } = at(server.to(email), 0);
      return {
        push: [notification.lang, notification.body],
        mail: [/<html lang="(.*?)">/.exec(html)?.[1], /<h1[^>]*>(.*?)<\/h1>/.exec(html)?.[1]],
        inbox: await inboxTitle(n, acceptLanguage),
      };
    }),
  );
}

async function inboxTitle(n: number, acceptLanguage?: string): Promise<string | undefined> {
  const answer = await asked(n, "", acceptLanguage);
  return ((await answer.json()) as { items: { title: string }[] }).items[0]?.title;
}

/** The inbox of a guardian, or of nobody, over the API. */
async function asked(n: number | null, query: string, acceptLanguage?: string): Promise<Response> {
  const headers = new Headers();
  if (acceptLanguage !== undefined) headers.set("accept-language", acceptLanguage);
  if (n !== null) headers.set("authorization", `Bearer ${await tokenOf(n)}`);
  return inboxRoute(new Request(`http://localhost/api/notifications${query}`, { headers }), {
    params: Promise.resolve({}),
  });
}

function tokenOf(n: number): Promise<string> {
  const { id: userId, schoolId, roles } = guardian(n);
  return signAccessToken({ userId, schoolId, roles, sessionId: newId() }, new Date());
}

const said = ({ lang, push, title }: typeof ENGLISH, inbox = title) => ({
  push: [lang, push],
  mail: [lang, title],
  inbox,
});

it("each guardian hears in their own language, one without a language in the school's", async () => {
  await speaks(0, PSEUDO);
  await speaks(1, "en-GB");
  await speaks(2, null);
  expect(await heard()).toEqual([said(OTHER), said(ENGLISH), said(ENGLISH)]);
});

it("the school's language is that of who chose none; a program may ask for another then", async () => {
  await db().school.update({ where: { id: school().school.id }, data: { locale: PSEUDO } });
  await speaks(1, "en");
  // There are no words of this language: English stands for it, not the school's.
  await speaks(2, "fr-CA");
  expect(await heard("en")).toEqual([said(OTHER, ENGLISH.title), said(ENGLISH), said(ENGLISH)]);
  expect(await inboxTitle(0)).toBe(OTHER.title);
});

it("a problem is told in the person’s language, else in what the program accepts, else in the school’s", async () => {
  const english = "Correct the fields listed in errors and send it again.";
  const detail = async (n: number | null, accepts?: string) =>
    ((await (await asked(n, "?limit=0", accepts)).json()) as { detail: string }).detail;
  await speaks(0, PSEUDO);
  await speaks(1, "en");
  await speaks(2, null);
  expect(await detail(0, "en")).toBe(`⟦${english}⟧`);
  expect(await detail(1, PSEUDO)).toBe(english);
  expect(await detail(2, PSEUDO)).toBe(`⟦${english}⟧`);
  expect(await detail(2)).toBe(english);
  await db().school.update({ where: { id: school().school.id }, data: { locale: PSEUDO } });
  expect(await detail(2)).toBe(`⟦${english}⟧`);
  expect(await detail(2, "en")).toBe(english);
  expect(await detail(null, `fr, ${PSEUDO}`)).toBe("⟦Sign in and send the access token.⟧");
  expect(await detail(null)).toBe("Sign in and send the access token.");
});

it("what is no tag of a language is refused by the database", async () => {
  for (const locale of ["", "English", "en_GB", "en-", "en-a", "de-AT-x-own"])
    await expect(speaks(0, locale)).rejects.toThrow("app_user_locale_check");
  await expect(db().school.update({ where: { id: school().school.id }, data: { locale: "../en" } })).rejects.toThrow(
    "school_locale_check",
  );
});
