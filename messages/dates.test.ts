import { execFileSync } from "node:child_process";
import fs from "node:fs";
import { describe, expect, test } from "vitest";
import { clockWords, dateWords, dayWords } from "./dates";

describe("dates in words", () => {
  test("have one style: day before month, no comma after the day of the week, 24 hours", () => {
    const at = new Date("2026-11-18T22:34:00Z");
    expect(dateWords(at, "en", { day: "numeric", month: "short", timeZone: "UTC" })).toBe("18 Nov");
    expect(dayWords("2026-11-18", "en", { weekday: "short", day: "numeric", month: "short" })).toBe("Wed 18 Nov");
    expect(dayWords("2026-11-18", "en", { weekday: "long", day: "numeric", month: "long" })).toBe(
      "Wednesday 18 November",
    );
    expect(clockWords(at, "en", "UTC")).toBe("22:34");
    expect(clockWords(at, "en", "Europe/Prague")).toBe("23:34");
    expect(clockWords(new Date("2026-11-18T00:05:00Z"), "en", "UTC")).toBe("00:05");
  });

  test("follow the language where its style is its own", () => {
    expect(dayWords("2026-11-18", "cs", { day: "numeric", month: "numeric" })).toBe("18. 11.");
  });

  test("come from here alone: no page, view or notification formats a date by itself", () => {
    const files = productFiles("app", "components", "lib", "workers");
    // Zones are checked, and minutes of a day are counted, with formats that nobody reads.
    const calculates = ["lib/shared/time.ts", "lib/timetable/get-week.ts"];
    const own = files
      .filter((file) => !calculates.some((start) => file.startsWith(start)))
      .filter((file) =>
        /DateTimeFormat\((?!\)\.resolvedOptions)|\.toLocale(Time|Date)?String\(|\.dateTime\(/.test(
          fs.readFileSync(file, "utf8"),
        ),
      );
    expect(own).toEqual([]);
  });

  test("and words know their language from whoever reads them: no file of the product names one", () => {
    // What nobody reads: checks of zones, minutes of a day, and an order that has to be the same everywhere.
    const unread = [
      "lib/shared/time.ts",
      "lib/timetable/get-week.ts",
      "lib/timetable/plan-week.ts",
      "lib/catalog/import/import-terms-and-courses.ts",
    ];
    const named = productFiles("app", "components", "lib", "workers")
      .filter((file) => !unread.includes(file) && !file.startsWith("lib/platform/generated/"))
      .flatMap((file) => {
        const text = fs.readFileSync(file, "utf8");
        return [...text.matchAll(/(["'`])en(?:-[A-Z]{2})?\1|lang="[a-z]|messages\/en\/(?!.*json")/g)].map(
          ([said]) => `${file}: ${said}`,
        );
      });
    expect(named).toEqual([]);
  });

  test("nor a catalogue at run time: a file of one language is imported for its type alone", () => {
    const imported = productFiles("app", "components", "lib", "workers").filter((file) =>
      /^import (?!type )[^;]*"@\/messages\/en\//m.test(fs.readFileSync(file, "utf8")),
    );
    expect(imported).toEqual([]);
  });
});

/** TypeScript files of the product in these folders. */
function productFiles(...folders: string[]): string[] {
  const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", ...folders], {
    encoding: "utf8",
  });
  return listed.split("\n").filter((file) => /(?<!\.test)\.tsx?$/.test(file) && fs.existsSync(file));
}
