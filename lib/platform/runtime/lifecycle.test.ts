import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { runRoles, type Role, type RoleContext } from "./lifecycle";

const settings = { drainMs: 8_000, livenessMs: 60_000 };
/** A role that does nothing until it is asked to end. */
const idle = (name: string): Role => ({
  name,
  run: ({ signal, onProgress }) =>
    new Promise((resolve) => {
      const beat = setInterval(onProgress, 1_000);
      signal.addEventListener("abort", () => {
        clearInterval(beat);
        resolve();
      });
    }),
});

describe("the lifecycle of a worker process", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it("is not ready, ends its roles, closes, and answers 0, in this order", async () => {
    const order: string[] = [];
    const role: Role = {
      name: "role",
      run: ({ signal }) =>
        new Promise((resolve) => {
          signal.addEventListener("abort", () => {
            order.push(lifecycle.health().state);
            setTimeout(() => {
              order.push("drained");
              resolve();
            }, 2_000);
          });
        }),
    };
    const close = () => Promise.resolve(void order.push("closed"));
    const lifecycle = runRoles({ roles: [role], ...settings, close });
    lifecycle.stop("test");
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await lifecycle.ended).toBe(0);
    expect(order).toEqual(["stopping", "drained", "closed"]);
  });

  it("does not wait longer than the deadline", async () => {
    const stuck: Role = { name: "stuck", run: () => new Promise(() => {}) };
    const lifecycle = runRoles({ roles: [stuck], ...settings, close: () => Promise.resolve() });
    lifecycle.stop("test");
    await vi.advanceTimersByTimeAsync(8_000);
    expect(await lifecycle.ended).toBe(1);
  });

  it("ends the process when a role stands still, and says before that which one is not live", async () => {
    const still: Role = { name: "still", run: () => new Promise(() => {}) };
    const lifecycle = runRoles({ roles: [idle("well"), still], ...settings, close: () => Promise.resolve() });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(lifecycle.health().roles.map(({ name, isLive }) => [name, isLive])).toEqual([
      ["well", true],
      ["still", true],
    ]);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(lifecycle.health().roles.find(({ name }) => name === "still")?.isLive).toBe(false);
    expect(await lifecycle.ended).toBe(70);
  });

  it("starts a role again that failed, and leaves the others alone", async () => {
    const starts: string[] = [];
    const counted = (role: Role): Role => ({
      name: role.name,
      run: (context: RoleContext) => {
        starts.push(role.name);
        return role.run(context);
      },
    });
    const failing: Role = { name: "failing", run: () => Promise.reject(new Error("no")) };
    const roles = [counted(idle("well")), counted(failing)];
    const lifecycle = runRoles({ roles, ...settings, close: () => Promise.resolve() });
    await vi.advanceTimersByTimeAsync(500 + 1_000 + 2_000);
    expect(starts).toEqual(["well", "failing", "failing", "failing", "failing"]);
    lifecycle.stop("test");
    await vi.advanceTimersByTimeAsync(0);
    expect(await lifecycle.ended).toBe(0);
  });
});
