import pg from "pg";

export type Recount = {
  enrolled: number;
  seatsTaken: number;
  overFilled: number;
  doubleBooked: number;
  events: number;
};

/**
 * Counts again from the tables, without the product's code: live enrollments against seats, and students with two class
 * sessions at one time (among live enrollments). Self-enrollment only, so any section above its capacity is over-filled.
 */
export async function recount(databaseUrl: string): Promise<Recount> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query("ANALYZE"); // without it the joins below are planned for empty tables and take minutes
    const { rows } = await client.query<Recount>(`
      WITH live AS (SELECT section_id, student_id FROM enrollment WHERE status = 'ENROLLED'),
           filled AS (SELECT s.id, s.capacity, s.seats_taken, count(l.student_id) AS n
                        FROM section s LEFT JOIN live l ON l.section_id = s.id GROUP BY s.id),
           slots AS (SELECT l.student_id, c.section_id, c.starts_at, c.ends_at
                       FROM live l JOIN class_session c ON c.section_id = l.section_id AND c.state = 'SCHEDULED')
      SELECT (SELECT count(*) FROM live)::int AS enrolled,
             (SELECT sum(seats_taken) FROM section)::int AS "seatsTaken",
             (SELECT count(*) FROM filled WHERE n > capacity OR n <> seats_taken)::int AS "overFilled",
             (SELECT count(DISTINCT a.student_id) FROM slots a JOIN slots b
                 ON a.student_id = b.student_id AND a.section_id < b.section_id
                AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at)::int AS "doubleBooked",
             (SELECT count(*) FROM outbox_event WHERE type = 'student_enrolled')::int AS events`);
    const [row] = rows;
    if (!row) throw new Error("the recount gave nothing");
    return row;
  } finally {
    await client.end();
  }
}
