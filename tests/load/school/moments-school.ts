import { hashPassword } from "@/lib/identity/credentials/passwords";
import type { Db } from "@/lib/platform/db/client";
import { at, buildSchool } from "@/tests/support/school";
import { PASSWORD } from "../driver/loaded-product";

/** How many want one section at once; each time it is another section. */
export const WIDTHS = [64, 256, 1_024];
export const SEATS = 300;
/** Classes that are finished each second, and the students of each. */
export const CLASSES = 10;
export const CLASS_SIZE = 10;

export type People = Awaited<ReturnType<typeof momentsSchool>>;

/** Students who all want the same sections, and a teacher with classes of 30, of 300 and ten of ten. */
export async function momentsSchool(db: Db) {
  const count = Math.max(...WIDTHS);
  const range = (from: number, length: number) => Array.from({ length }, (_, n) => from + n);
  const built = await buildSchool(db, {
    students: count,
    guardiansOf: range(0, CLASSES * CLASS_SIZE),
    weeksBefore: 1,
    weeksAfter: 1,
    sections: [
      ...WIDTHS.map(() => ({ capacity: SEATS, meetings: [] })),
      { capacity: 30, meetings: [], enrolled: range(0, 30) },
      { capacity: 300, meetings: [], enrolled: range(0, 300) },
      ...range(0, CLASSES).map((n) => ({ meetings: [], enrolled: range(n * CLASS_SIZE, CLASS_SIZE) })),
    ],
  });
  const { students, guardians, sections } = built;
  const teacher = at(built.teachers, 0);
  const passwordHash = await hashPassword(PASSWORD);
  await db.user.updateMany({
    where: { id: { in: [...students, teacher].map(({ id }) => id) } },
    data: { passwordHash },
  });
  const first = WIDTHS.length;
  return {
    students,
    guardians,
    teacher,
    hot: sections.slice(0, first),
    thirty: { name: "30", section: at(sections, first), students: students.slice(0, 30) },
    threeHundred: { name: "300", section: at(sections, first + 1), students: students.slice(0, 300) },
    small: sections.slice(first + 2),
  };
}
