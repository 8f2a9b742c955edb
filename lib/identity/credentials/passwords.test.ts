import { afterEach, describe, expect, it, vi } from "vitest";
import type { AppError } from "@/lib/shared/errors";
import { hashPassword, verifyPassword } from "./passwords";

afterEach(() => vi.restoreAllMocks());

describe("passwords in turn", () => {
  it("refuses who has waited longer than gateways do, says when to try again, and serves who comes next", async () => {
    const stored = await hashPassword("four calm words here");
    const verify = () => verifyPassword(stored, "four calm words here").catch((error: AppError) => error);
    const crowd = Array.from({ length: 12 }, verify);
    const later = performance.now() + 46_000;
    vi.spyOn(performance, "now").mockReturnValue(later);
    const late = verify();
    const answers = await Promise.all(crowd);
    const served = answers.filter((answer) => answer === true).length;
    expect(served).toBeGreaterThan(0);
    expect(answers.slice(served)).toEqual(
      Array.from({ length: 12 - served }, () => expect.objectContaining({ code: "unavailable", retryAfterSeconds: 5 })),
    );
    expect(served).toBeLessThan(12);
    expect(await late).toBe(true);
    expect(await verify()).toBe(true);
  });
});
