import { describe, expect, it } from "vitest";
import { StreamProgress } from "./progress";

describe("progress of a stream", () => {
  it("passes a position only when everything before it is finished", () => {
    const progress = new StreamProgress<number>();
    const finish = [10, 11, 12].map((position) => progress.take(position));
    finish[1]?.();
    expect(progress.watermark).toBeUndefined();
    finish[0]?.();
    expect(progress.watermark).toBe(11);
    expect(progress.outstanding).toBe(1);
    finish[2]?.();
    expect(progress.watermark).toBe(12);
    expect(progress.outstanding).toBe(0);
  });
});
