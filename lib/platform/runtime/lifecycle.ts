import { errorForLog, log } from "./log";

/** A long-running part of a process. */
export type Role = {
  name: string;
  /**
   * Works until `signal` is aborted, then finishes what is in flight and returns. Calls `onProgress` whenever work moved
   * or there was truly nothing to do; a role that does not call it for `livenessMs` ends the process.
   */
  run(context: RoleContext): Promise<void>;
};

export type RoleContext = { signal: AbortSignal; onProgress(): void };

export type LifecycleOptions = {
  roles: readonly Role[];
  /** How long roles may take to finish what is in flight. */
  drainMs: number;
  /** How long a role may stand still before the process ends, to be started anew by its supervisor. */
  livenessMs: number;
  /** Closes what the roles shared (database, locks), after they have ended. */
  close(): Promise<void>;
};

/** What the health port tells. */
export type Health = {
  state: "running" | "stopping";
  roles: { name: string; progressAgeMs: number; isLive: boolean }[];
};

export type Lifecycle = {
  health(): Health;
  /** Begins the way out, as SIGTERM does. */
  stop(reason: string): void;
  /** The exit code, when everything has ended. */
  ended: Promise<number>;
};

const LIVENESS_CHECK_MS = 1_000;
const ROLE_RESTART_MS = [500, 1_000, 2_000, 5_000, 10_000];

/** Exit codes other than 0; the supervisor starts the process anew after both. */
const DRAIN_EXPIRED = 1;
const STOOD_STILL = 70;

/**
 * Runs roles until SIGTERM or SIGINT: not ready → no new work → what is in flight, with a deadline → close → 0. A role
 * that throws is started again after a pause; a role that stands still ends the process.
 */
export function runRoles({ roles, drainMs, livenessMs, close }: LifecycleOptions): Lifecycle {
  const stopping = new AbortController();
  const progress = new Map(roles.map(({ name }) => [name, performance.now()]));
  const ageMs = (name: string) => performance.now() - (progress.get(name) ?? 0);
  const running = new Set(roles.map(({ name }) => name));
  const ended = Promise.withResolvers<number>();

  const stop = (reason: string) => {
    if (stopping.signal.aborted) return;
    log().info({ reason, roles: [...running] }, "stopping");
    stopping.abort();
    setTimeout(() => {
      log().error({ roles: [...running], drainMs }, "roles did not end in time");
      ended.resolve(DRAIN_EXPIRED);
    }, drainMs).unref();
  };
  const onSignal = (signal: NodeJS.Signals) => stop(signal);
  process.on("SIGTERM", onSignal).on("SIGINT", onSignal);

  const liveness = setInterval(() => {
    const still = [...running].find((name) => ageMs(name) > livenessMs);
    if (still === undefined || stopping.signal.aborted) return;
    log().fatal({ role: still, progressAgeMs: Math.round(ageMs(still)) }, "a role stands still");
    ended.resolve(STOOD_STILL);
  }, LIVENESS_CHECK_MS);

  const all = roles.map((role) =>
    keepRunning(role, {
      signal: stopping.signal,
      onProgress: () => void progress.set(role.name, performance.now()),
    }).then(() => running.delete(role.name)),
  );
  void Promise.all(all).then(async () => {
    await close().catch((error: unknown) => log().error({ error: errorForLog(error) }, "did not close cleanly"));
    log().info("stopped");
    ended.resolve(0);
  });

  return {
    stop,
    ended: ended.promise.finally(() => {
      clearInterval(liveness);
      process.off("SIGTERM", onSignal).off("SIGINT", onSignal);
    }),
    health: () => ({
      state: stopping.signal.aborted ? "stopping" : "running",
      roles: roles.map(({ name }) => {
        const progressAgeMs = Math.round(ageMs(name));
        return { name, progressAgeMs, isLive: progressAgeMs <= livenessMs };
      }),
    }),
  };
}

async function keepRunning(role: Role, context: RoleContext): Promise<void> {
  for (let failures = 0; !context.signal.aborted; failures += 1) {
    try {
      await role.run(context);
      if (!context.signal.aborted) log().error({ role: role.name }, "a role ended by itself: it is started again");
    } catch (error) {
      log().error({ role: role.name, error: errorForLog(error) }, "a role failed: it is started again");
    }
    const pauseMs = ROLE_RESTART_MS[Math.min(failures, ROLE_RESTART_MS.length - 1)] ?? 0;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, pauseMs);
      const now = () => {
        clearTimeout(timer);
        resolve();
      };
      if (context.signal.aborted) now();
      else context.signal.addEventListener("abort", now, { once: true });
    });
  }
}
