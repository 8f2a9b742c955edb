import { expect, it } from "vitest";
import { problemsOf } from "./exceptions.mjs";

const findings = [
  { file: "lib/a.ts", line: 3, key: "find.name", text: 'column "name": it may be null' },
  { file: "lib/a.ts", line: 9, key: "find.name", text: 'column "name": it may be null' },
  { file: "lib/b.ts", line: 1, key: "find.name", text: "says no row type" },
];

it("takes what is listed out, in this file alone, and says how the rest would be listed", () => {
  expect(problemsOf(findings, { "lib/a.ts": { "find.name": "always there" } })).toEqual([
    'lib/b.ts:1 says no row type. Where the check cannot know: "find.name" in prisma/sql-exceptions.json, with the reason.',
  ]);
});

it("refuses an entry that nothing needs, and one without a reason", () => {
  const list = {
    "lib/a.ts": { "find.name": " " },
    "lib/b.ts": { "find.name": "so it is", find: "gone" },
    "lib/c.ts": { find: "x" },
  };
  expect(problemsOf(findings, list)).toEqual([
    "prisma/sql-exceptions.json: lib/a.ts → find.name: give the reason.",
    "prisma/sql-exceptions.json: lib/b.ts → find: nothing is found there any more; remove the entry.",
    "prisma/sql-exceptions.json: lib/c.ts → find: nothing is found there any more; remove the entry.",
  ]);
});
