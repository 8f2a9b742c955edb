import { describe, expect, it } from "vitest";
import { eventually } from "@/tests/support/eventually";
import { Lanes, type LaneResult, type LanesOptions } from "./lanes";

type Item = { key: string; n: number };

/** Lanes whose runs end when the test says so. */
function controlled(concurrency: number, more: Partial<LanesOptions<Item>> = {}) {
  const ran: string[] = [];
  const held: string[] = [];
  const waiting = new Map<string, (results: LaneResult[]) => void>();
  const named = (items: readonly Item[]) => items.map(({ key, n }) => `${key}${n}`).join(" ");
  const lanes = new Lanes<Item>({
    concurrency,
    run: (items) => {
      ran.push(named(items));
      return new Promise((resolve) => waiting.set(named(items), resolve));
    },
    onHeld: (items) => held.push(named(items)),
    ...more,
  });
  const push = (...names: string[]) =>
    lanes.push(names.map((name) => [name.charAt(0), { key: name.charAt(0), n: Number(name.slice(1)) }]));
  const end = async (names: string, ...results: LaneResult[]) => {
    (await eventually(() => waiting.get(names)))(results.length > 0 ? results : names.split(" ").map(() => "finished"));
    waiting.delete(names);
  };
  return { lanes, push, ran, held, end };
}

describe("lanes", () => {
  it("runs one item of a key at a time, in order, and other keys beside it", async () => {
    const { push, ran, end } = controlled(4);
    push("a1", "a2", "b1");
    expect(ran).toEqual(["a1", "b1"]);
    await end("a1");
    await eventually(() => ran.includes("a2"));
    await end("a2");
    await end("b1");
  });

  it("runs no more items at once than it may", async () => {
    const { push, ran, end } = controlled(2);
    push("a1", "b1", "c1");
    expect(ran).toEqual(["a1", "b1"]);
    await end("b1");
    await eventually(() => ran.includes("c1"));
  });

  it("tries an item again before the next of its key, and gives its place to other keys meanwhile", async () => {
    const { push, ran, held, end } = controlled(1);
    push("a1", "a2", "b1");
    await end("a1", { againAfterMs: 1 });
    await eventually(() => ran.includes("b1"));
    await end("b1");
    await end("a1");
    await eventually(() => ran.includes("a2"));
    expect(ran).toEqual(["a1", "b1", "a1", "a2"]);
    expect(held).toEqual(["a1 a2"]);
  });

  it("waits for what runs when it stops, and starts nothing more", async () => {
    const { lanes, push, ran, end } = controlled(1);
    push("a1", "b1");
    let isStopped = false;
    const stopping = lanes.stop().then(() => (isStopped = true));
    await Promise.resolve();
    expect(isStopped).toBe(false);
    await end("a1");
    await stopping;
    expect(ran).toEqual(["a1"]);
  });

  it("runs what waits together: the first of each key, then the next ones, up to a number", async () => {
    const { push, ran, end } = controlled(1, { together: 5 });
    push("a1");
    push("b1", "b2", "b3", "c1", "d1", "d2");
    await end("a1");
    await eventually(() => ran.length > 1);
    expect(ran[1]).toBe("b1 b2 c1 d1 d2");
    await end("b1 b2 c1 d1 d2");
    await eventually(() => ran[2] === "b3");
    await end("b3");
  });

  it("keeps the order of a key of which something is to be run again, and goes on with the others", async () => {
    const { push, ran, held, end } = controlled(1, { together: 5 });
    push("x1");
    push("a1", "a2", "b1", "b2");
    await end("x1");
    await end("a1 a2 b1 b2", "finished", { againAfterMs: 1 }, { againAfterMs: 60_000 }, { againAfterMs: 60_000 });
    push("c1");
    await end("c1");
    await eventually(() => ran.at(-1) === "a2");
    expect(held).toEqual(["a2", "b1 b2"]);
    await end("a2");
  });

  it("runs alone what may not join others, before or behind them", async () => {
    const { push, ran, end } = controlled(1, { together: 9, mayJoin: ({ n }) => n < 7 });
    push("x1");
    push("a7", "b1", "b8", "c9", "d1");
    for (const name of ["x1", "a7", "b1 d1", "c9", "b8"]) await end(name);
    await eventually(() => ran.length === 5);
    expect(ran).toEqual(["x1", "a7", "b1 d1", "c9", "b8"]);
  });
});
