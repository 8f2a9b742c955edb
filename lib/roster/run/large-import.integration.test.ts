import { expect, it } from "vitest";
import { rosterSchool } from "@/tests/support/roster-school";

const { whole, run, lesson, section } = rosterSchool("large");
const lessons = (capacity: number) =>
  Array.from({ length: 5_000 }, (_, n) =>
    lesson(`l${String(n)}`, { "metadata.meetings": "", "metadata.capacity": capacity }),
  );

it("an import that changes five thousand sections leaves the server's table of locks to others", async () => {
  await run({ ...whole, classes: [...whole.classes, ...lessons(10)] });
  let locks = Infinity;
  const report = await run(
    { classes: lessons(11) },
    {
      async afterwards(tx) {
        const rows = await tx.$queryRaw<unknown[]>`
          SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()`;
        locks = rows.length;
      },
    },
  );
  expect(report.tallies.sections.changed).toBe(5_000);
  expect(locks).toBeLessThan(10);
  expect(await section("l4999")).toMatchObject({ capacity: 11 });
}, 60_000);
