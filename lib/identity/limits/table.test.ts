import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type BackOff, type Limit, LIMITS, type Window } from "./table";

const minutes = (seconds: number) => (seconds < 60 ? `${seconds} s` : `${seconds / 60} min`);

function words(limit: Window | BackOff | undefined): string {
  if (!limit) return "–";
  if ("most" in limit) return `${limit.most} in ${minutes(limit.seconds)}`;
  const { free, waitSeconds, longestSeconds, forgottenSeconds } = limit;
  return `${free}, then ${minutes(waitSeconds)} and twice as long each time up to ${minutes(longestSeconds)}; forgotten ${minutes(forgottenSeconds)} after the last`;
}

describe("the table of limits", () => {
  it("stands in docs/operations.md as it is", () => {
    const rows = Object.entries<Limit>(LIMITS).map(([kind, { counted, account, device, address }]) =>
      [`\`${kind}\``, counted, words(account), words(device), words(address)].join(" | "),
    );
    const lines = readFileSync("docs/operations.md", "utf8").split("\n");
    const start = lines.findIndex((line) => /^\| kind +\| what counts/.test(line));
    const table = lines.slice(start + 2, start + 2 + rows.length + 1);
    const cells = (line: string) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim())
        .join(" | ");
    expect(table.slice(0, rows.length).map(cells)).toEqual(rows);
    expect(table.at(-1)).not.toMatch(/^\|/);
  });

  it("keeps nobody out for longer than a quarter of an hour", () => {
    const all = Object.values<Limit>(LIMITS).flatMap(({ account, device, address }) => [account, device, address]);
    const longest = all.flatMap((limit) => (limit ? ["most" in limit ? limit.seconds : limit.longestSeconds] : []));
    expect(longest.length).toBeGreaterThan(10);
    expect(Math.max(...longest)).toBeLessThanOrEqual(15 * 60);
  });
});
