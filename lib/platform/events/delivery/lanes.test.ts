import { describe, expect, it } from "vitest";
import { eventually } from "@/tests/support/eventually";
import { Lanes, type LaneResult } from "./lanes";

type Item = { key: string; n: number };

/** Lanes whose runs end when the test says so. */
function controlled(concurrency: number) {
  const ran: string[] = [];
  const waiting = new Map<string, (result: LaneResult) => void>();
  const lanes = new Lanes<Item>({
    concurrency,
    run: ({ key, n }) => {
      ran.push(`${key}${n}`);
      return new Promise((resolve) => waiting.set(`${key}${n}`, resolve));
    },
  });
  const end = async (name: string, result: LaneResult = "finished") => {
    (await eventually(() => waiting.get(name)))(result);
    waiting.delete(name);
  };
  return { lanes, ran, end };
}

describe("lanes", () => {
  it("runs one item of a key at a time, in order, and other keys beside it", async () => {
    const { lanes, ran, end } = controlled(4);
    for (const item of [
      { key: "a", n: 1 },
      { key: "a", n: 2 },
      { key: "b", n: 1 },
    ])
      lanes.push(item.key, item);
    expect(ran).toEqual(["a1", "b1"]);
    await end("a1");
    await eventually(() => ran.includes("a2"));
    await end("a2");
    await end("b1");
  });

  it("runs no more items at once than it may", async () => {
    const { lanes, ran, end } = controlled(2);
    for (const key of ["a", "b", "c"]) lanes.push(key, { key, n: 1 });
    expect(ran).toEqual(["a1", "b1"]);
    await end("b1");
    await eventually(() => ran.includes("c1"));
  });

  it("tries an item again before the next of its key, and gives its place to other keys meanwhile", async () => {
    const { lanes, ran, end } = controlled(1);
    lanes.push("a", { key: "a", n: 1 });
    lanes.push("a", { key: "a", n: 2 });
    lanes.push("b", { key: "b", n: 1 });
    await end("a1", { againAfterMs: 1 });
    await eventually(() => ran.includes("b1"));
    await end("b1");
    await end("a1");
    await eventually(() => ran.includes("a2"));
    expect(ran).toEqual(["a1", "b1", "a1", "a2"]);
  });

  it("waits for what runs when it stops, and starts nothing more", async () => {
    const { lanes, ran, end } = controlled(1);
    lanes.push("a", { key: "a", n: 1 });
    lanes.push("b", { key: "b", n: 1 });
    let isStopped = false;
    const stopping = lanes.stop().then(() => (isStopped = true));
    await Promise.resolve();
    expect(isStopped).toBe(false);
    await end("a1");
    await stopping;
    expect(ran).toEqual(["a1"]);
  });
});
