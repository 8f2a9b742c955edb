import { expect, test } from "vitest";
import messages from "@/messages/en/attendance.json";
import { reachLines } from "./alert-reach-lines";

const say = (reach: Partial<Parameters<typeof reachLines>[0]>, at: string | null) =>
  reachLines(
    { notified: 0, inboxOnly: 0, withoutGuardian: [], unreachable: [], ...reach },
    { at, strings: messages.grid, locale: "en" },
  );

test("counts guardians, not students, and names those whom nobody hears about", () => {
  expect(say({ notified: 3, inboxOnly: 1, withoutGuardian: ["Anna Nová"] }, "10:09")).toEqual([
    "3 guardians are notified at 10:09.",
    "1 of them gets it only in the inbox.",
    "1 student has no guardian: Anna Nová.",
  ]);
  expect(say({ notified: 1, unreachable: ["Petr Malý", "Ida Bílá"] }, null)).toEqual([
    "1 guardian is being notified.",
    "Their guardians have alerts switched off or no device: Petr Malý, Ida Bílá.",
  ]);
});

test("says so when nobody is notified at all", () => {
  expect(say({ withoutGuardian: ["Anna Nová", "Jan Nový"] }, "10:09")).toEqual([
    "No guardian is notified.",
    "2 students have no guardian: Anna Nová, Jan Nový.",
  ]);
});
