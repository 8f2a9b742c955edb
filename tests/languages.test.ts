// Whatever writes sentences to people takes their language: said in a pseudo language, nothing English is left.
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { emptyTally } from "@/lib/identity/import/import-tally";
import { mailMessage } from "@/lib/notification/channels/email/message";
import { pushPayload } from "@/lib/notification/channels/web-push/payload";
import { deviceName } from "@/lib/identity/devices/device-name";
import { KINDS, type NotificationKind } from "@/lib/notification/kinds/registry";
import { wordsOf } from "@/lib/notification/kinds/wording";
import { CATEGORIES } from "@/lib/notification/schema";
import { Problems, type ProblemCode } from "@/lib/roster/problems";
import { formatRefusal, formatReport } from "@/lib/roster/run/report";
import { offlinePage, outagePage } from "@/lib/web/page/plain-page";
import { invalidRequest, problemDocument } from "@/lib/web/route/problem";
import { AppError, ERROR_CODES, type ErrorCode } from "@/lib/shared/errors";
import { say, type Sentence } from "@/lib/shared/say";
import { errorWords } from "@/messages/error-words";
import { messages } from "@/messages/en/index";
import { PSEUDO, speakPseudo, unbracketed } from "./support/pseudo-locale";

beforeAll(speakPseudo);

/** Facts of events, without a word of any language: what stands in a sentence and is no word of it. */
const DATA = {
  sectionTitle: "77",
  sectionCode: "88",
  date: "2026-11-18",
  startsAt: "2026-11-18T11:00:00+01:00",
  fromDate: "2026-11-17",
  location: "99",
  from: "ABSENT",
  to: "LATE",
  startsOn: "2026-11-18",
  endsOn: "2026-11-19",
  title: "66",
};
const kinds = Object.keys(KINDS) as NotificationKind[];
const child = { id: "s", name: "55", givenName: "55", familyName: "" };
const people = new Map([["s", child]]);
const itemOf = (kind: NotificationKind, userId: string, data: Record<string, string> = DATA) =>
  wordsOf({ kind, userId, studentId: "s", data }, people, PSEUDO);

describe("in another language", () => {
  it("a sentence without brackets is found, and one in brackets is not", () => {
    expect(unbracketed("⟦a ⟦b⟧ 1⟧, 2")).toEqual([]);
    expect(unbracketed("⟦a⟧ left over", ["over"])).toEqual(["left"]);
  });

  describe.each(kinds)("%s", (kind) => {
    it.each([
      ["to the student", "s"],
      ["to a guardian", "g"],
    ])("%s has no English in the inbox, and dates of that language", (_who, userId) => {
      for (const data of [DATA, { ...DATA, location: "", endsOn: DATA.startsOn }]) {
        const { title, body } = itemOf(kind, userId, data);
        expect(unbracketed(`${title} ${body}`)).toEqual([]);
        expect(`${title} ${body}`).not.toMatch(/Nov|Wed|Tue|Thu/);
      }
    });

    it("has none in a push, which names its language", () => {
      const content = { kind, id: "1", path: "/n/1", topic: "t", revision: 1, locale: PSEUDO };
      const { notification } = JSON.parse(pushPayload(content, undefined)) as {
        notification: { title: string; body: string; lang: string };
      };
      expect(unbracketed(`${notification.title} ${notification.body}`)).toEqual([]);
      expect(notification.lang).toBe(PSEUDO);
    });

    it.each([...CATEGORIES, "all" as const])("has none in a mail about %s, which names its language", (about) => {
      const mail = { schoolName: "44", about, items: [{ ...itemOf(kind, "g"), path: "/n/1" }] };
      const { subject, text, html } = mailMessage({
        ...mail,
        locale: PSEUDO,
        publicUrl: "https://1.2/",
        unsubscribePath: "/u",
      });
      expect(unbracketed(`${subject} ${text.replace(/https:\S+/g, "")}`)).toEqual([]);
      expect(unbracketed(html.replace(/<[^>]*>/g, " "))).toEqual([]);
      expect(html).toContain(`<html lang="${PSEUDO}">`);
    });
  });

  it("a summary has none in its push", () => {
    const content = { kind: "digest" as const, id: "1", path: "/inbox", topic: "t", revision: 0, locale: PSEUDO };
    expect(pushPayload(content, undefined)).toContain("⟦New updates.");
  });

  it("a device has no English name but those of its makers", () => {
    expect(unbracketed(deviceName(null, PSEUDO))).toEqual([]);
    expect(deviceName("Mozilla/5.0 (Android 15) Firefox/130", PSEUDO)).toBe("⟦Firefox on Android⟧");
  });

  it("the report of an import has none, whatever it finds", () => {
    const values = {
      allowed: "1",
      capacity: 2,
      count: 6,
      date: "3",
      delimiter: "semicolon",
      expected: 3,
      first: 4,
      found: 1,
      from: 5,
      id: "7",
      limit: 9,
      name: "8",
      names: "9",
      reason: "10",
      role: "11",
      taken: 7,
      value: "12",
    };
    const all = (Object.keys(messages.roster.problem) as ProblemCode[]).map((code, line) => ({
      file: "0.1",
      line,
      column: "2",
      code,
      values,
    }));
    const problems = new Problems();
    for (const problem of all) problems.error(problem);
    for (let line = 0; line < 200; line++) problems.error({ file: "0.1", line, code: "required" });
    expect(unbracketed(formatRefusal(problems, PSEUDO))).toEqual([]);
    const tally = emptyTally();
    const tallies = {
      terms: tally,
      courses: tally,
      sections: tally,
      users: tally,
      guardianships: tally,
      teachers: tally,
      enrollments: tally,
      classSessions: tally,
    };
    for (const dryRun of [true, false]) {
      const report = {
        dryRun,
        version: "1.1" as const,
        school: { id: "1", sourcedId: "2", name: "3", timeZone: "4" },
        tallies,
        withoutPassword: 1,
        sharedPassword: true,
        warnings: all,
        warningCount: all.length,
        durationMs: 1,
        invitations: { count: 2, file: "3", origin: "4", host: "5" },
      };
      for (const host of ["5", "6"]) expect(unbracketed(formatReport(report, PSEUDO, host))).toEqual([]);
    }
  });

  it.each([
    ["without the database", () => outagePage("1234567890", 2, PSEUDO)],
    ["without a network", () => offlinePage("1234567890", PSEUDO)],
  ])("the page %s has none, and names its language", (_name, page) => {
    const { html } = page();
    const text = html.replace(/<(style|script)[^]*?<\/\1>/g, " ").replace(/<[^>]*>/g, " ");
    // The name of the product stands in every title.
    expect(unbracketed(text, ["CampusOS"])).toEqual([]);
    expect(html).toContain(`<html lang="${PSEUDO}">`);
    const words = /const dayWords = (.*);/.exec(html)?.[1];
    if (words !== undefined) expect(unbracketed(Object.values(flat(JSON.parse(words))).join(" "))).toEqual([]);
  });

  it.each(Object.keys(ERROR_CODES) as ErrorCode[])(
    "the problem %s has none, whatever its detail and fields",
    (code) => {
      const { detail, field } = messages.api;
      const values = {
        roles: "1",
        title: "2",
        allow: "3",
        most: 4,
        least: 1,
        minutes: 2,
        kib: 5,
        example: "6",
        expected: "7",
        format: "8",
        values: "9",
        of: 10,
        keys: "11",
      };
      const keys = [
        ...Object.keys(detail).map((key) => `detail.${key}`),
        ...Object.keys(field).map((key) => `field.${key}`),
      ];
      const errors = (keys as Sentence["key"][]).map((key) => ({ path: "", code: "", message: say(key, values) }));
      for (const { message } of errors) {
        const problem = problemDocument(new AppError(code, { detail: message, errors }), "1", PSEUDO);
        const said = problem["errors"] as { message: string }[];
        expect(
          unbracketed([problem["title"], problem["detail"], ...said.map((each) => each.message)].join(" ")),
        ).toEqual([]);
      }
      const bare = problemDocument(new AppError(code), "1", PSEUDO);
      expect(bare["detail"]).toBe(`⟦${messages.api.title[code]}⟧`);
    },
  );

  it("a field that breaks a rule is told in it, whatever the rule", () => {
    const schema = z.strictObject({
      type: z.string(),
      format: z.email(),
      choice: z.enum(["a", "b"]),
      short: z.string().min(3),
      long: z.string().max(1),
      low: z.number().min(3),
      high: z.number().max(1),
      few: z.array(z.string()).min(1),
      many: z.array(z.string()).max(1),
      multiple: z.number().multipleOf(2),
      union: z.union([z.string(), z.boolean()]),
      own: z.string().refine(() => false, "Not one of ours"),
    });
    const bad = {
      type: 1,
      format: "x",
      choice: "c",
      short: "x",
      long: "xx",
      low: 1,
      high: 3,
      few: [],
      many: ["a", "b"],
      multiple: 3,
      union: 1,
      own: "x",
      more: 1,
    };
    const { error } = schema.safeParse(bad);
    const problem = problemDocument(invalidRequest(error ?? new z.ZodError([])), "1", PSEUDO);
    const said = problem["errors"] as { path: string; message: string }[];
    expect(said).toHaveLength(Object.keys(bad).length);
    for (const { message } of said) expect(unbracketed(message)).toEqual([]);
    expect(said.find(({ path }) => path === "short")?.message).toBe("⟦Use at least 3 characters⟧");
    expect(said.find(({ path }) => path === "")?.message).toBe("⟦Leave out what is not known here: more⟧");
  });

  it("a page that failed speaks the first language of the browser that there is", () => {
    expect(errorWords(["xx", "en-GB"])).toEqual({ locale: "en", words: messages.errors });
    expect(errorWords([]).locale).toBe("en");
  });
});

function flat(node: unknown, at = ""): Record<string, string> {
  if (typeof node === "string") return { [at]: node };
  return Object.assign({}, ...Object.entries(node ?? {}).map(([key, value]) => flat(value, `${at}.${key}`)));
}
