import { describe, expect, it } from "vitest";
import { db } from "@/lib/platform/db/client";
import { at, buildSchool, contextOf } from "@/tests/support/school";
import { getSection } from "./get-section";

const meeting = (day: number, hour: number) => ({ day, startMinute: hour * 60, endMinute: hour * 60 + 50 });

describe("a section's page", () => {
  it("has the course's description and its other sections with what stands against each, and the student's week", async () => {
    const school = await buildSchool(db(), {
      students: 3,
      sections: [
        { code: "A.1", course: 1, meetings: [meeting(1, 9)], capacity: 2, enrolled: [1, 2] },
        { code: "A.2", course: 1, meetings: [meeting(2, 9)], capacity: 5 },
        { code: "A.3", course: 1, meetings: [meeting(3, 9)], capacity: 5 },
        { code: "B.1", course: 2, meetings: [meeting(3, 9)], enrolled: [0] },
      ],
    });
    const ctx = contextOf(at(school.students, 0));
    const { id, courseId } = at(school.sections, 0);
    expect((await getSection(ctx, { id })).description).toBeNull();
    await db().course.update({ where: { id: courseId }, data: { description: "Atoms,\nbonds" } });
    const view = await getSection(ctx, { id });
    expect(view.description).toBe("Atoms,\nbonds");
    expect(view.section).toMatchObject({ code: "A.1", blockers: ["section_full"] });
    expect(view.siblings.map(({ section }) => [section.code, section.seatsAvailable, section.blockers])).toEqual([
      ["A.2", 5, []],
      ["A.3", 5, ["time_conflict"]],
    ]);
    expect(view.siblings[1]?.conflict).toMatchObject({ code: "B.1", day: 3, startMinute: 540 });
    expect(view.week).toMatchObject({ taken: { count: 1, credits: 4 }, own: [{ code: "B.1", day: 3 }] });
    expect(view.week.meetings[id]).toEqual([{ day: 1, startMinute: 540, endMinute: 590 }]);
  });

  it("counts the credits of a course once, however many of its sections one is in", async () => {
    const school = await buildSchool(db(), {
      students: 1,
      sections: [
        { course: 1, meetings: [meeting(1, 9)], enrolled: [0] },
        { course: 2, meetings: [meeting(2, 9)], enrolled: [0] },
        { course: 2, meetings: [], enrolled: [0] },
      ],
    });
    const { week } = await getSection(contextOf(at(school.students, 0)), { id: at(school.sections, 0).id });
    expect(week.taken).toEqual({ count: 3, credits: 8 });
  });
});
