/** Forgets everything that `singleton()` keeps in this process, so that a test can start with another configuration. */
export function forgetSingletons(): void {
  kept().clear();
}

/** Works with something else in the place of what `singleton(name, …)` keeps. */
export async function withSingleton<T>(name: string, instead: unknown, work: () => Promise<T>): Promise<T> {
  const was = kept().get(name);
  kept().set(name, instead);
  try {
    return await work();
  } finally {
    if (was === undefined) kept().delete(name);
    else kept().set(name, was);
  }
}

function kept(): Map<unknown, unknown> {
  const found: unknown = Reflect.get(globalThis, Symbol.for("campus.singletons"));
  return found instanceof Map ? found : new Map();
}

/** Forgets the environment alone: what was made of it stays. */
export function forgetEnvironment(): void {
  forgetSingleton("env");
}

/** Forgets one of them: it is made anew when it is asked for. */
export function forgetSingleton(name: string): void {
  kept().delete(name);
}
