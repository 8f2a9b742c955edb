import { describe, expect, it } from "vitest";
import { together } from "./together";

/** Doubles numbers; keeps what each call was asked, and ends a call when told. */
function doubling(options?: { most?: number }) {
  const calls: number[][] = [];
  const ends: (() => void)[] = [];
  const double = together(async (numbers: readonly number[]) => {
    calls.push([...numbers]);
    await new Promise<void>((resolve) => ends.push(resolve));
    if (numbers.includes(13)) throw new Error("13");
    return numbers.map((number) => number * 2);
  }, options);
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const end = async () => {
    while (ends.length === 0) await turn();
    ends.shift()?.();
    await turn();
  };
  return { double, calls, end };
}

describe("calls made together", () => {
  it("are one for all of a moment, each with its own answer", async () => {
    const { double, calls, end } = doubling();
    const answers = Promise.all([1, 2, 3].map(double));
    await end();
    expect(await answers).toEqual([2, 4, 6]);
    expect(calls).toEqual([[1, 2, 3]]);
  });

  it("gather what comes while one is under way, and begin after it was asked for", async () => {
    const { double, calls, end } = doubling({ most: 2 });
    const first = double(1);
    await new Promise((resolve) => setImmediate(resolve));
    const later = [2, 3, 4].map(double);
    expect(calls).toEqual([[1]]);
    for (let call = 0; call < 3; call += 1) await end();
    expect(await Promise.all([first, ...later])).toEqual([2, 4, 6, 8]);
    expect(calls).toEqual([[1], [2, 3], [4]]);
  });

  it("fail together, and the next goes on", async () => {
    const { double, end } = doubling();
    const failed = Promise.allSettled([double(1), double(13)]);
    await end();
    expect((await failed).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    const next = double(4);
    await end();
    expect(await next).toBe(8);
  });
});
