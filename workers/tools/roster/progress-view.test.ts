import { expect, it } from "vitest";
import { rosterText } from "@/lib/roster/run/report";
import { progressLine, ProgressView } from "./progress-view";

const t = rosterText("en");
const reading = { status: "RUNNING", phase: "READ", done: 1, total: 4 } as const;

it("says what is done and how much of it, and nothing of a whole that nobody knows", () => {
  expect(progressLine(reading, t, true)).toBe(`Reading the files ${"█".repeat(6)}${"░".repeat(18)} 25%`);
  expect(progressLine(reading, t, false)).toBe("Reading the files: 25%");
  expect(progressLine({ ...reading, done: 4 }, t, true)).toContain("100%");
  expect(progressLine({ ...reading, status: "STORING", phase: "STORE", total: 0 }, t, true)).toBe("Storing the files");
  expect(progressLine({ ...reading, status: "QUEUED" }, t, true)).toBe("Waiting until the import can start");
});

it("is one line of a terminal that changes and goes away", () => {
  const written: string[] = [];
  const view = new ProgressView({ isTTY: true, columns: 20, write: (text) => written.push(text) }, t);
  view.clear();
  view.show(reading);
  view.show(reading);
  view.show({ ...reading, phase: "WRITE", done: 0 });
  view.clear();
  view.clear();
  const begin = "\r\u001b[K";
  expect(written).toEqual([`${begin}Reading the files █`, `${begin}Writing ${"░".repeat(11)}`, begin]);
});

it("is a line now and then where there is no terminal", () => {
  const written: string[] = [];
  let nowMs = 0;
  const view = new ProgressView({ write: (text) => written.push(text) }, t, () => nowMs);
  for (nowMs = 0; nowMs <= 60_000; nowMs += 250) view.show({ ...reading, done: nowMs, total: 60_000 });
  view.clear();
  expect(written).toEqual(["Reading the files: 33%\n", "Reading the files: 66%\n", "Reading the files: 100%\n"]);
});
