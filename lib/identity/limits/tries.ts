import { createHash } from "node:crypto";
import net from "node:net";
import { counters } from "@/lib/platform/limits/counters";
import { counter } from "@/lib/platform/runtime/metrics";
import { AppError } from "@/lib/shared/errors";
import { say, type Sentence } from "@/lib/shared/say";
import { type Limit, LIMITS, type LimitKind, type Window } from "./table";

/** Whose tries are counted together. */
export type By = "account" | "device" | "address";

/** Kinds whose account has a window; those with a back-off have their own way (`sign-in-tries.ts`). */
type Windowed = Exclude<LimitKind, "signIn">;

/**
 * Counts a try of a kind that has windows, or throws `too_many_attempts` with the seconds until the next may be made. `account`: an id or what
 * was typed, known or not. For kinds that count failures: call it when one has failed, or before and `forgetTries` afterwards.
 */
export async function takeTry(
  kind: Windowed,
  { account, address }: { account?: string; address?: string | null },
): Promise<void> {
  const limit: Limit = LIMITS[kind];
  const taken: [By, Limit["account"], string | null][] = [
    ["account", limit.account, account ?? null],
    ["address", limit.address, address ?? null],
  ];
  for (const [by, window, whose] of taken) {
    if (!window || !("most" in window) || whose === null) continue;
    const { count, leftMs } = await counters().add(keyOf(kind, by, whose), windowOf(window));
    if (count > window.most) throw refusal(kind, by, leftMs);
  }
}

/** Forgets the tries of an account after one that succeeded. */
export async function forgetTries(kind: LimitKind, account: string): Promise<void> {
  await counters().forget([keyOf(kind, "account", account)]);
}

/** A window as counters want it. */
export function windowOf({ seconds }: Window) {
  return { ms: seconds * 1000, from: "first" } as const;
}

/** Under what something is counted: who tried with which address stands nowhere, a hash does. */
export function keyOf(kind: LimitKind, by: By, whose: string): string {
  const counted = by === "address" ? networkOf(whose) : whose;
  return `${kind}:${by}:${createHash("sha256").update(counted).digest("base64url").slice(0, 22)}`;
}

/** The answer to what was tried too often, counted by kind alone. */
export function refusal(kind: LimitKind, by: By, leftMs: number, detail?: (minutes: number) => Sentence): AppError {
  counter("campus_identity_refused_tries_total", "Requests refused because there were too many, by kind", [
    "kind",
    "by",
  ]).inc({ kind, by });
  const seconds = Math.max(1, Math.ceil(leftMs / 1000));
  const minutes = Math.ceil(seconds / 60);
  return new AppError("too_many_attempts", {
    detail: detail?.(minutes) ?? say("detail.manyAttempts", { minutes }),
    retryAfterSeconds: seconds,
  });
}

/** An IPv6 address stands for its /64: whoever has one address there has them all (RFC 6177). */
export function networkOf(address: string): string {
  if (!net.isIPv6(address) || !URL.canParse(`http://[${address}]`)) return address;
  const [head = "", tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const between: string[] =
    tail === undefined ? [] : Array.from({ length: 8 - before.length - after.length }, () => "0");
  return `${[...before, ...between, ...after].slice(0, 4).join(":")}::/64`;
}
