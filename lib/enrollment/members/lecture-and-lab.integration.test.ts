import { describe, expect, it } from "vitest";
import { ROSTER_NOW, rosterSchool } from "@/tests/support/roster-school";
import { dropEnrollment } from "../registration/drop-enrollment";
import { enroll } from "../registration/enroll";
import { getSection } from "@/lib/timetable/get-section";
import { listSections } from "@/lib/timetable/list-sections";

/** A course with a lecture, a lab and a parallel lab; the office puts s1 in lecture and lab, s2 in the lecture. */
function course(tag: string) {
  const campus = rosterSchool(tag);
  const classes = [
    campus.lesson("lecture"),
    campus.lesson("lab", { "metadata.meetings": "WE 13:00-15:00" }),
    campus.lesson("lab2", { "metadata.meetings": "TH 13:00-15:00" }),
  ];
  const rows = [campus.seat("lecture", "s1"), campus.seat("lab", "s1"), campus.seat("lecture", "s2")];
  const start = () => campus.run({ ...campus.whole, classes, enrollments: rows });
  const later = async (person: string, minutes = 1) => ({
    ...(await campus.context(person)),
    now: new Date(ROSTER_NOW.getTime() + minutes * 60_000),
  });
  const idOf = async (id: string) => (await campus.section(id)).id;
  const join = async (person: string, id: string, minutes?: number) =>
    enroll(await later(person, minutes), { sectionId: await idOf(id), joinWaitlist: false });
  const drop = async (person: string, id: string, minutes?: number) => {
    const who = await campus.person(person);
    const { enrollments } = await campus.section(id);
    const live = enrollments.find((row) => row.studentId === who.id && row.status === "ENROLLED");
    await dropEnrollment(await later(person, minutes), { id: live?.id ?? "" });
  };
  return { ...campus, start, later, idOf, join, drop };
}

describe("a student whom the office put in the lecture and the lab of one course", () => {
  it("may drop either and take it again, as often as they like", async () => {
    const campus = course("lecture-lab");
    await campus.start();
    for (const id of ["lab", "lecture", "lab"]) {
      await campus.drop("s1", id);
      const view = await getSection(await campus.later("s1", 2), { id: await campus.idOf(id) });
      expect([view.section.blockers, view.sameCourseAs]).toEqual([[], null]);
      const { items } = await listSections(await campus.later("s1", 2), { availability: "all", limit: 50 });
      expect(items.find(({ sourcedId }) => sourcedId === id)?.blockers).toEqual([]);
      await campus.join("s1", id, 3);
    }
    await campus.drop("s1", "lab", 4);
    await campus.drop("s1", "lecture", 4);
    await campus.join("s1", "lecture", 5);
    await campus.join("s1", "lab", 6);
    await expect(campus.join("s1", "lab2")).rejects.toMatchObject({ code: "already_enrolled" });
  });

  it("is in it once, however many requests come at the same moment", async () => {
    const campus = course("lab-race");
    await campus.start();
    await campus.drop("s1", "lab");
    const tries = await Promise.allSettled(Array.from({ length: 8 }, () => campus.join("s1", "lab", 2)));
    expect(tries.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect((await campus.section("lab")).seatsTaken).toBe(1);
  });
});

describe("a second section of a course", () => {
  it("is refused to who was in one of them alone", async () => {
    const campus = course("second-section");
    await campus.start();
    await expect(campus.join("s2", "lab")).rejects.toMatchObject({ code: "already_enrolled" });
    await campus.drop("s2", "lecture");
    await campus.join("s2", "lab", 2);
    await expect(campus.join("s2", "lecture", 3)).rejects.toMatchObject({ code: "already_enrolled" });
  });

  it("is refused to whom the office moved from one to the other", async () => {
    const campus = course("moved");
    await campus.start();
    const ends = { sourcedId: "lab-s1", status: "tobedeleted" };
    await campus.run({ enrollments: [ends] });
    await expect(campus.join("s1", "lab")).rejects.toMatchObject({ code: "already_enrolled" });
  });
});
