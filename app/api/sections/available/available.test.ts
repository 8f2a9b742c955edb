import { describe, expect, it } from "vitest";
import { availableSectionsOperation } from "@/lib/timetable/operations";
import { openApiDocument } from "@/lib/web/route/openapi";

describe("the OpenAPI document of the section list", () => {
  it("names every filter, and what the window of time means", () => {
    const document = openApiDocument(() => [availableSectionsOperation]);
    const operation = document.paths?.["/api/sections/available"]?.get;
    const parameters = (operation?.parameters ?? []) as { name: string; required?: boolean; description?: string }[];
    expect(parameters.map(({ name }) => name).sort()).toEqual(
      ["availability", "cursor", "day", "fitsMySchedule", "from", "limit", "q", "subject", "termId", "to"].sort(),
    );
    for (const name of ["from", "to"]) {
      const parameter = parameters.find((each) => each.name === name);
      expect(parameter?.required ?? false, name).toBe(false);
      expect(parameter?.description, name).toContain("Only sections of which no class");
    }
  });
});
