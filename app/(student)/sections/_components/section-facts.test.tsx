import { NextIntlClientProvider } from "next-intl";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import type { SectionView } from "@/lib/timetable/schema";
import { messages } from "@/messages/en/index";
import { SectionFacts } from "./section-facts";

const autumn = { id: "t1", title: "Autumn", startsOn: "2026-09-21", endsOn: "2026-12-18" };
const spring = { id: "t2", title: "Spring", startsOn: "2027-02-01", endsOn: "2027-05-28" };

function shown(terms: SectionView["section"]["terms"]): string {
  const section: SectionView["section"] = {
    id: "s1",
    sourcedId: "s1",
    code: "PH110-1",
    course: { id: "c1", code: "PH110", title: "Mechanics", credits: null, subject: null },
    term: autumn,
    terms,
    teachers: [],
    meetings: [],
    capacity: 10,
    seatsAvailable: 10,
    waitlist: { capacity: 10, length: 0 },
    status: "OPEN",
    blockers: [],
  };
  const view: SectionView = {
    section,
    title: "Mechanics",
    seatsTaken: 0,
    enrollmentId: null,
    conflict: null,
    sameCourseAs: null,
    weeks: null,
    opensAt: null,
    closesAt: null,
  };
  const markup = renderToStaticMarkup(
    <NextIntlClientProvider locale="en" messages={messages} timeZone="UTC">
      <SectionFacts view={view} />
    </NextIntlClientProvider>,
  );
  return markup.replaceAll(/<[^>]*>/g, "\n");
}

describe("what a section's page says of its terms", () => {
  it("is each of them with its own dates, so that the time between them is seen to be free", () => {
    const both = shown([autumn, spring]);
    expect(both).toMatch(/Autumn[^\n]*2026[^\n]*\n+Spring[^\n]*2027/);
    expect(shown([autumn])).not.toContain("Spring");
  });
});
