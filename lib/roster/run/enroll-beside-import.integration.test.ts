import { expect, it } from "vitest";
import { enroll } from "@/lib/enrollment/registration/enroll";
import { advisoryLocks } from "@/tests/support/advisory-locks";
import { testDatabase } from "@/tests/support/database";
import { eventually } from "@/tests/support/eventually";
import { rosterSchool } from "@/tests/support/roster-school";

const { pool } = await testDatabase();
const { whole, run, lesson, seat, section, context } = rosterSchool("beside");

/** Imports these enrollments, and asks for a seat for `student` in d before that is committed. */
async function beside(
  student: string,
  enrollments: ReturnType<typeof seat>[],
  whileOpen: (done: () => boolean) => Promise<void>,
) {
  const ctx = await context(student);
  const { id: sectionId } = await section("d");
  let answer: Promise<string> | undefined;
  let isDone = false;
  await run(
    { enrollments },
    {
      async afterwards() {
        answer = enroll(ctx, { sectionId, joinWaitlist: false }).then(
          ({ status }) => status,
          (error: unknown) => (error instanceof Error && "code" in error ? String(error.code) : String(error)),
        );
        void answer.finally(() => (isDone = true));
        await whileOpen(() => isDone);
      },
    },
  );
  return answer;
}

it("enrolling waits for an import that changes its student, and knows then what the office decided", async () => {
  // d overlaps a; both have seats.
  await run({
    ...whole,
    classes: [lesson("a"), lesson("d", { courseSourcedId: "c2", "metadata.meetings": "MO 09:30-10:30" })],
  });
  const waits = async () => (await advisoryLocks(pool, { isGranted: false })).length > 0;
  const answer = await beside("s3", [seat("a", "s3")], async (isDone) => {
    await eventually(async () => isDone() || (await waits()));
    expect(isDone()).toBe(false);
  });
  expect(answer).toBe("time_conflict");
  // Somebody else, in another section: no wait.
  expect(
    await beside("s4", [seat("a", "s1", { status: "tobedeleted" })], async (isDone) => void (await eventually(isDone))),
  ).toBe("ENROLLED");
});
