import { beforeAll, describe, expect, it } from "vitest";
import { browseSections, listSections } from "@/lib/timetable/list-sections";
import { db } from "@/lib/platform/db/client";
import { fold } from "@/lib/shared/fold";
import { at, buildSchool, contextOf, type TestSchool } from "@/tests/support/school";
import { type SectionListQuery, sectionListQuery } from "../schema";

const meeting = (day: number, hour: number) => ({ day, startMinute: hour * 60, endMinute: hour * 60 + 50 });

describe("campus_fold", () => {
  // Without the private letters and halves of pairs; what Unicode has added lately is not asked of the server.
  const blocks: [string, number, number][] = [
    ["Latin, Greek, Cyrillic, Armenian, Hebrew, Arabic", 0x01, 0x6ff],
    ["Devanagari to Thai", 0x900, 0xe4f],
    ["Latin and Greek, extended", 0x1e00, 0x1fff],
    ["punctuation, signs, letterlike", 0x2000, 0x218f],
    ["kana, Hangul and CJK, compatible", 0x3000, 0x33ff],
    ["Hangul", 0xac00, 0xd7a3],
    ["ligatures, full-width", 0xf900, 0xffef],
  ];

  it.each(blocks)("folds every letter as the code does: %s", async (_name, first, last) => {
    const letters = Array.from({ length: last - first + 1 }, (_, n) => String.fromCodePoint(first + n));
    const texts = letters.flatMap((letter) => [letter, `a${letter} B`]);
    const rows = await db().$queryRaw<{ text: string; folded: string }[]>`
      SELECT text, campus_fold(text) AS folded FROM unnest(${texts}::text[]) AS text`;
    expect(rows).toHaveLength(texts.length);
    expect(rows.flatMap(({ text, folded }) => (folded === fold(text) ? [] : [`${text}: ${folded}`]))).toEqual([]);
  });
});

describe("search", () => {
  let school: TestSchool;
  const query = (text: string): SectionListQuery =>
    sectionListQuery.parse({ availability: "all", ...Object.fromEntries(new URLSearchParams(text)) });
  const ctx = () => contextOf(at(school.students, 0));
  const codes = async (q: string) =>
    (await listSections(ctx(), query(`q=${encodeURIComponent(q)}`))).items.map(({ code }) => code);

  beforeAll(async () => {
    school = await buildSchool(db(), {
      students: 1,
      teachers: 2,
      sections: [
        { code: "A.1", meetings: [meeting(1, 9)], course: 1 },
        { code: "B.1", meetings: [meeting(2, 9)], course: 2, teachers: [1] },
        { code: "C.1", meetings: [meeting(3, 9)], course: 3 },
        { code: "D.1", meetings: [meeting(3, 11)], course: 4, capacity: 0 },
        { code: "E.1", meetings: [], course: 5 },
      ],
    });
    const titles = ["Ca\u0301lculo", "Dějiny Łodzi", "Physics of the Straße", "Œuvres choisies", "L’été"];
    for (const [index, title] of titles.entries())
      await db().section.update({ where: { id: at(school.sections, index).id }, data: { title } });
    await db().user.update({
      where: { id: at(school.teachers, 1).id },
      data: { givenName: "Jiří", familyName: "Dvořák" },
    });
    await db().section.update({ where: { id: at(school.sections, 4).id }, data: { location: "Aula Ø" } });
    await db().meeting.updateMany({
      where: { sectionId: at(school.sections, 0).id },
      data: { location: "B204" },
    });
    await db().course.update({ where: { id: at(school.sections, 2).courseId }, data: { subject: "Přírodní vědy" } });
  });

  it.each([
    ["calculo", "A.1"],
    ["CÁLCULO", "A.1"],
    ["ca\u0301lculo", "A.1"],
    ["lodz", "B.1"],
    ["łódz dejiny", "B.1"],
    ["dvorak", "B.1"],
    ["Dvořák", "B.1"],
    ["Dvor\u030Cák jiri", "B.1"],
    ["strasse", "C.1"],
    ["vědy", "C.1"],
    ["oeuvres", "D.1"],
    ["ŒUVRES", "D.1"],
    ["lete", "E.1"],
    ["l'été", "E.1"],
    ["aula o", "E.1"],
    ["b204", "A.1"],
  ])("finds %s, however it is spelled", async (q, code) => {
    expect(await codes(q)).toEqual([code]);
  });

  it("finds the classes of a day by its name", async () => {
    expect(await codes("Monday")).toEqual(["A.1"]);
    expect(await codes("wed")).toEqual(["C.1", "D.1"]);
    expect(await codes("wednesday physics")).toEqual(["C.1"]);
    expect(await codes("sunday")).toEqual([]);
  });

  it.each([
    ["phisics", "C.1", "physics"],
    ["phyiscs wed", "C.1", "physics"],
    ["calclo", "A.1", "calculo"],
    ["dvorka", "B.1", "dvorak"],
    ["mondey", "A.1", "monday"],
  ])("forgives the slip in %s and says what it looked for", async (q, code, meant) => {
    expect(await codes(q)).toEqual([code]);
    const browser = await browseSections(ctx(), query(`q=${q}`));
    expect(browser.views.map(({ section }) => section.code)).toEqual([code]);
    expect(browser).toMatchObject({ total: 1, respelled: [{ typed: q.split(" ")[0], meant: [meant] }] });
  });

  it("finds nothing for what is like nothing, and guesses no code or room", async () => {
    for (const q of ["b205", "zzzz", "phisics zzzz", "chemistry", "caulculator"]) expect(await codes(q), q).toEqual([]);
    expect((await browseSections(ctx(), query("q=physics"))).respelled).toBeNull();
  });

  it("goes on through the pages of a search that was read anew", async () => {
    const first = await listSections(ctx(), query("q=coursse&limit=2"));
    expect(first.items.map(({ code }) => code)).toEqual(["A.1", "B.1"]);
    const next = await listSections(ctx(), query(`q=coursse&limit=2&cursor=${first.nextCursor ?? ""}`));
    expect(next.items.map(({ code }) => code)).toEqual(["C.1", "D.1"]);
    const last = await listSections(ctx(), query(`q=coursse&limit=2&cursor=${next.nextCursor ?? ""}`));
    expect(last).toMatchObject({ items: [{ code: "E.1" }], nextCursor: null });
  });

  it("names the filters without which something is found, with how much, and no others", async () => {
    const helps = async (text: string) => (await browseSections(ctx(), query(text))).helps;
    expect(await helps("q=calculo&day=TH&subject=Testing")).toEqual([{ key: "day", count: 1 }]);
    expect(await helps("q=zzzz&day=MO&from=08:00")).toEqual([{ key: "q", count: 1 }]);
    expect(await helps("q=oeuvres&availability=open")).toEqual([
      { key: "q", count: 4 },
      { key: "availability", count: 1 },
    ]);
    expect(await helps("q=zzzz&day=SU")).toEqual([]);
    expect(await helps("q=calculo")).toEqual([]);
  });
});
