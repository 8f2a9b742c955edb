const registry: Map<string, unknown> = ((globalThis as Record<symbol, unknown>)[Symbol.for("campus.singletons")] ??=
  new Map<string, unknown>()) as Map<string, unknown>;

/**
 * One instance a process. Next.js loads a module once for each bundle that holds it, so module-level state (pools,
 * queues, caches) would exist several times; this keeps it once.
 */
export function singleton<T>(name: string, make: () => T): T {
  if (!registry.has(name)) registry.set(name, make());
  return registry.get(name) as T;
}
