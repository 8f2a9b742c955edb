import pg from "pg";

/** A server that is started with these knows when each transaction was committed. */
export const COMMITS_HAVE_TIMES = { track_commit_timestamp: "on" };

/** How long events of a type took. */
export type Deliveries = { type: string; count: number; p50Ms: number; p95Ms: number; p99Ms: number };

/**
 * From the commit that published an event to the commit of what a consumer made of it, by the server's own clock, for each
 * type of event. The server must have been started with {@link COMMITS_HAVE_TIMES}.
 */
export async function deliveries(databaseUrl: string): Promise<Deliveries[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<Deliveries>(`
      SELECT type, count(*)::int AS count,
             percentile_cont(0.5) WITHIN GROUP (ORDER BY ms) AS "p50Ms",
             percentile_cont(0.95) WITHIN GROUP (ORDER BY ms) AS "p95Ms",
             percentile_cont(0.99) WITHIN GROUP (ORDER BY ms) AS "p99Ms"
        FROM (SELECT o.type, extract(epoch FROM pg_xact_commit_timestamp(i.xmin) - pg_xact_commit_timestamp(o.xmin))::float8 * 1000 AS ms
                FROM outbox_event o JOIN consumer_inbox i ON i.event_id = o.event_id) AS delivered
       GROUP BY type ORDER BY type`);
    return rows;
  } finally {
    await client.end();
  }
}

/** What {@link deliveries} found about a type, in words. */
export function described({ count, p50Ms, p95Ms, p99Ms }: Deliveries): string {
  return `${count}, p50 ${p50Ms.toFixed(0)}, p95 ${p95Ms.toFixed(0)}, p99 ${p99Ms.toFixed(0)} ms`;
}
