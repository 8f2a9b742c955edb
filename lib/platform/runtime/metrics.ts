import client from "prom-client";
import { singleton } from "./singleton";

/** How often the delay of the event loop is measured. The library's own 10 ms wakes an idle process a hundred times a second. */
const LOOP_PRECISION_MS = 100;

/** The metrics of this process, in Prometheus' text format at `GET /api/metrics`. Names: `campus_<module>_<thing>_<unit>`. */
export function metrics(): client.Registry {
  return singleton("metrics", () => {
    const registry = new client.Registry();
    client.collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: LOOP_PRECISION_MS });
    return registry;
  });
}

/** A counter by name, made on first use. */
export function counter<L extends string>(name: string, help: string, labelNames: readonly L[]): client.Counter<L> {
  return singleton(`metric:${name}`, () => new client.Counter({ name, help, labelNames, registers: [metrics()] }));
}

/** A histogram in seconds by name, made on first use. */
export function histogram<L extends string>(name: string, help: string, labelNames: readonly L[]): client.Histogram<L> {
  return singleton(
    `metric:${name}`,
    () =>
      new client.Histogram({
        name,
        help,
        labelNames,
        registers: [metrics()],
        buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      }),
  );
}

/** A gauge by name, made on first use. */
export function gauge<L extends string>(name: string, help: string, labelNames: readonly L[]): client.Gauge<L> {
  return singleton(`metric:${name}`, () => new client.Gauge({ name, help, labelNames, registers: [metrics()] }));
}
