import { expect, test } from "vitest";
import { clockIn, momentIn } from "./moments";

test("midnight is 00, in the zone that is asked for", () => {
  expect(clockIn("2026-11-24T05:05:00Z", "America/New_York", "en")).toBe("00:05");
  expect(clockIn("2026-11-24T23:59:00+01:00", "Europe/Prague", "en")).toBe("23:59");
  expect(momentIn("2026-11-24T05:05:00Z", "America/New_York", "en")).toBe("24 Nov, 00:05");
  expect(momentIn("2026-11-24T23:05:00Z", "Europe/Prague", "cs")).toContain("00:05");
});
