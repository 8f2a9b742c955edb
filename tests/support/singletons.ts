/** Forgets everything that `singleton()` keeps in this process, so that a test can start with another configuration. */
export function forgetSingletons(): void {
  const kept: unknown = Reflect.get(globalThis, Symbol.for("campus.singletons"));
  if (kept instanceof Map) kept.clear();
}
