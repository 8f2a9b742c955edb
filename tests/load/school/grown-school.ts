// A large school with years of history, made inside the database: files and the importer would take hours for it.
import pg from "pg";
import { DEMO_SCHOOL } from "@/prisma/seed/demo-now";
import { FAMILY_NAMES, GIVEN_NAMES } from "@/prisma/seed/people";

/** How large a school is; {@link GROWN} at scale 1. */
export type Size = {
  students: number;
  teachers: number;
  /** Sections of a term. */
  sections: number;
  /** Two a year; the last one is the running term of the school that grows. */
  terms: number;
  /** Of the past terms every so many-th section has its marks, the others only their finished sheets. */
  markedEvery: number;
};

/** 20,000 students and five years. */
const GROWN: Size = { students: 20_000, teachers: 1_200, sections: 4_200, terms: 10, markedEvery: 10 };
/** Sections a student is in, each at another hour, so that none overlap. */
const SECTIONS_EACH = 7;

/** The size at a scale: people and sections are multiplied, years are not. */
export function sizeAt(scale: number): Size {
  const some = (count: number) => Math.max(1, Math.round(count * scale));
  const sections = SECTIONS_EACH * some(GROWN.sections / SECTIONS_EACH);
  return { ...GROWN, students: some(GROWN.students), teachers: some(GROWN.teachers), sections };
}

/**
 * Lets the demo school in this database grow to a size: its own people keep their running term as it is and get a past;
 * around them come the others, with past and present. All rows are of one piece (seats are counted, marks belong to who was
 * enrolled, alerts to absences), and of the running term every class that is over at `now` is marked. `say` is told each
 * step with its seconds. The database must be one that may be lost, its user one who may switch foreign keys off: they are
 * not checked while rows come that are made from one another.
 */
export async function growSchool(
  databaseUrl: string,
  size: Size,
  { now = new Date(), say = () => {} }: { now?: Date; say?: (step: string, seconds: number) => void } = {},
): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    for (const [step, statement] of Object.entries(steps(size))) {
      const startedAt = performance.now();
      await client.query(statement.replaceAll("$now", `'${now.toISOString()}'::timestamptz`));
      say(step, (performance.now() - startedAt) / 1_000);
    }
  } finally {
    await client.end();
  }
}

const names = (list: readonly string[]) => `ARRAY['${list.join("', '")}']`;
const oneOf = (list: readonly string[], n: string) => `(${names(list)})[1 + (${n}) % ${list.length}]`;
/** A number from 0 to 99 that is the same for the same `text`. */
const chance = (text: string) => `abs(hashtext(${text}) % 100)`;

/** What is done, in order. Numbered temporary tables hold who and what there is; the numbers decide who belongs to what. */
function steps({ students, teachers, sections, terms, markedEvery }: Size): Record<string, string> {
  const courses = Math.max(20, Math.round(sections / 5));
  const person = (id: string, role: string, word: string, n: string) => `
    INSERT INTO app_user (id, school_id, sourced_id, email, given_name, family_name, roles, created_at)
    SELECT ${id}, s.id, '${word}-' || ${n}, '${word}.' || ${n} || '@grown.campusos.example',
      ${oneOf(GIVEN_NAMES, n)}, ${oneOf(FAMILY_NAMES, `${n} * 5 + ${n} / ${GIVEN_NAMES.length}`)}, ARRAY['${role}']::"Role"[], s.began`;
  const people = (role: string, word: string, count: number) => `
    CREATE TEMP TABLE ${role} AS
      SELECT row_number() OVER (ORDER BY length(sourced_id), sourced_id)::int AS n, id, true AS is_old
      FROM app_user WHERE roles @> ARRAY['${role.toUpperCase()}']::"Role"[];
    INSERT INTO ${role} SELECT n, pg_temp.id_of('${word}', n, s.began), false FROM the_school s,
      generate_series((SELECT count(*) + 1 FROM ${role}), ${count}) AS n;
    ${person("p.id", role.toUpperCase(), word, "p.n")} FROM ${role} p, the_school s WHERE NOT p.is_old;
    CREATE UNIQUE INDEX ON ${role} (n); ANALYZE ${role};`;
  return {
    settings: `
      SET synchronous_commit = off; SET work_mem = '256MB'; SET maintenance_work_mem = '512MB'; SET TimeZone = 'UTC';
      SET idle_in_transaction_session_timeout = 0; SET statement_timeout = 0; SET search_path = public, pg_temp;
      -- An id as lib/shared/ids makes it: version 7, of that moment; the same for the same kind and number.
      CREATE FUNCTION pg_temp.id_of(kind text, n bigint, at timestamptz) RETURNS text LANGUAGE sql IMMUTABLE AS $$
        SELECT overlay(overlay(overlay(md5(kind || n::text) PLACING lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') FROM 1)
          PLACING '7' FROM 13) PLACING '8' FROM 17)::uuid::text $$;
      CREATE TEMP TABLE the_school AS
        SELECT s.id, s.time_zone, t.id AS term_id, t.starts_on, t.ends_on,
          (t.starts_on - ${(terms - 1) * 26} * 7)::timestamptz - interval '30 days' AS began
        FROM school s JOIN term t ON t.school_id = s.id AND t.sourced_id = '${DEMO_SCHOOL.term}'
        WHERE s.sourced_id = '${DEMO_SCHOOL.sourcedId}';`,
    people: `
      ${people("student", "grown-student", students)}
      ${people("teacher", "grown-teacher", teachers)}
      CREATE TEMP TABLE guardian AS
        SELECT n, pg_temp.id_of('guardian', n, s.began) AS id FROM student, the_school s WHERE NOT is_old;
      ${person("p.id", "GUARDIAN", "grown-guardian", "p.n")} FROM guardian p, the_school s;
      -- Everybody new has a guardian, and every third shares one with the student before.
      INSERT INTO guardianship (guardian_id, student_id, school_id, created_at)
      SELECT g.id, p.id, s.id, s.began FROM guardian g, student p, the_school s
      WHERE p.n = g.n OR (p.n = g.n + 1 AND p.n % 3 = 0);
      INSERT INTO push_subscription (id, school_id, user_id, endpoint, p256dh, auth, vapid_public_key, created_at, last_seen_at, last_accepted_at)
      SELECT pg_temp.id_of('device', g.n, $now), s.id, g.id, 'https://push.example/' || md5('device' || g.n), md5('key' || g.n), md5('auth' || g.n), 'key',
        $now - interval '1 year', $now - interval '1 day', $now - interval '1 day'
      FROM guardian g, the_school s WHERE g.n % 2 = 0;`,
    plan: `
      INSERT INTO term (id, school_id, sourced_id, title, type, starts_on, ends_on)
      SELECT pg_temp.id_of('term', n, s.began), s.id, 'grown-term-' || n, 'Term ' || n, 'semester',
        s.starts_on - (${terms} - n) * 26 * 7, s.starts_on - (${terms} - n) * 26 * 7 + 17 * 7 - 1
      FROM the_school s, generate_series(1, ${terms - 1}) AS n;
      CREATE TEMP TABLE term_n AS
        SELECT row_number() OVER (ORDER BY starts_on)::int AS n, id, starts_on, ends_on, starts_on::timestamptz AS at FROM term;
      CREATE TEMP TABLE course_n AS
        SELECT row_number() OVER (ORDER BY code)::int AS n, id, code, title FROM course;
      CREATE TEMP TABLE had AS SELECT (SELECT count(*)::int FROM course_n) AS courses, (SELECT count(*)::int FROM teacher WHERE is_old) AS teachers;
      INSERT INTO course_n SELECT n, pg_temp.id_of('course', n, s.began), 'GRN' || lpad(n::text, 4, '0'), 'Subject ' || n
        FROM the_school s, generate_series((SELECT courses + 1 FROM had), ${courses}) AS n;
      INSERT INTO course (id, school_id, sourced_id, code, title, subject, credits)
      SELECT c.id, s.id, 'grown-' || c.code, c.code, c.title, 'Field ' || c.n % 20, 4 FROM course_n c, the_school s, had WHERE c.n > had.courses;
      -- Courses of the school as it was were held in the past as well; the running term of its people stays as it is.
      CREATE TEMP TABLE section_n AS
        SELECT ((t.n - 1) * ${sections} + k)::int AS n, t.n AS term, k, pg_temp.id_of('section', (t.n - 1) * ${sections} + k, t.at) AS id,
          t.id AS term_id, c.id AS course_id, c.code || '-' || t.n || '.' || k AS code, c.title, p.id AS teacher_id,
          t.starts_on, t.ends_on, t.at
        FROM term_n t CROSS JOIN generate_series(1, ${sections}) AS k CROSS JOIN had
          JOIN course_n c ON c.n = CASE WHEN t.n < ${terms} THEN 1 + k % ${courses} ELSE had.courses + 1 + k % (${courses} - had.courses) END
          JOIN teacher p ON p.n = CASE WHEN t.n < ${terms} THEN 1 + (k - 1) * ${teachers} / ${sections}
            ELSE had.teachers + 1 + k % GREATEST(${teachers} - had.teachers, 1) END;
      CREATE UNIQUE INDEX ON section_n (n); ANALYZE section_n;`,
    enrollments: `
      CREATE TEMP TABLE enrollment_n AS
        SELECT ((t.n - 1)::bigint * ${students} + p.n) * 8 + j AS n, (t.n - 1) * ${sections} + 1 + (p.n + 571 * j) % ${sections} AS section,
          p.n AS student, p.id AS student_id, j = ${SECTIONS_EACH} AS is_dropped, t.at
        FROM term_n t CROSS JOIN student p CROSS JOIN generate_series(0, ${SECTIONS_EACH}) AS j
        WHERE (t.n < ${terms} OR NOT p.is_old) AND (j < ${SECTIONS_EACH} OR p.n % 4 = 0);
      ANALYZE enrollment_n;
      INSERT INTO section (id, school_id, sourced_id, course_id, term_id, code, title, location, capacity, waitlist_capacity, seats_taken, office_seats)
      SELECT c.id, s.id, 'grown-' || c.code, c.course_id, c.term_id, c.code, c.title, 'Room ' || c.k % 300,
        CASE WHEN c.k % 10 = 0 THEN GREATEST(e.taken, 1) ELSE e.taken + 5 END, 10, e.taken, 0
      FROM the_school s, section_n c
        LEFT JOIN (SELECT section, count(*) FILTER (WHERE NOT is_dropped)::int AS taken FROM enrollment_n GROUP BY section) AS found ON found.section = c.n
        CROSS JOIN LATERAL (SELECT coalesce(found.taken, 0) AS taken) AS e ORDER BY c.n;
      INSERT INTO section_teacher (section_id, user_id) SELECT id, teacher_id FROM section_n;
      SET session_replication_role = replica;
      INSERT INTO enrollment (id, school_id, section_id, student_id, course_id, term_id, status, origin, sourced_id, enrolled_at, dropped_at, counts_from, counts_until)
      SELECT pg_temp.id_of('enrollment', e.n, e.at), s.id, c.id, e.student_id, c.course_id, c.term_id,
        CASE WHEN e.is_dropped THEN 'DROPPED' ELSE 'ENROLLED' END::"EnrollmentStatus",
        CASE WHEN e.n % 3 = 0 THEN 'OFFICE' ELSE 'SELF' END::"EnrollmentOrigin", CASE WHEN e.n % 3 = 0 THEN 'grown-' || e.n END,
        e.at - interval '10 days', CASE WHEN e.is_dropped THEN e.at - interval '5 days' END,
        CASE WHEN e.n % 3 <> 0 THEN e.at - interval '10 days' END, CASE WHEN e.is_dropped THEN e.at - interval '5 days' END
      FROM enrollment_n e JOIN section_n c ON c.n = e.section, the_school s ORDER BY e.n;
      SET session_replication_role = origin;`,
    classes: `
      -- Hour by section, so that what a student has never overlaps.
      CREATE TEMP TABLE meeting_n AS
        SELECT c.n::bigint * 2 + m AS n, c.n AS section, pg_temp.id_of('meeting', c.n::bigint * 2 + m, c.at) AS id,
          1 + (c.k / ${SECTIONS_EACH} + 2 * m) % 5 AS day, 480 + 80 * (c.k % ${SECTIONS_EACH}) AS minute
        FROM section_n c CROSS JOIN generate_series(0, 1) AS m;
      INSERT INTO meeting (id, section_id, day, start_minute, end_minute)
      SELECT m.id, c.id, m.day, m.minute, m.minute + 70 FROM meeting_n m JOIN section_n c ON c.n = m.section ORDER BY m.n;
      CREATE TEMP TABLE session_n AS
        SELECT m.n * 20 + w AS n, m.section, m.id AS meeting_id, c.starts_on + w * 7 + m.day - 1 AS date,
          (c.starts_on + w * 7 + m.day - 1 + m.minute * interval '1 minute') AT TIME ZONE s.time_zone AS starts_at, c.at, c.term, c.k
        FROM the_school s, meeting_n m JOIN section_n c ON c.n = m.section CROSS JOIN generate_series(0, 17) AS w
        WHERE c.starts_on + w * 7 + m.day - 1 <= c.ends_on;
      ANALYZE session_n;
      SET session_replication_role = replica;
      INSERT INTO class_session (id, school_id, section_id, meeting_id, date, starts_at, ends_at)
      SELECT pg_temp.id_of('class', k.n, k.at), s.id, c.id, k.meeting_id, k.date, k.starts_at, k.starts_at + interval '70 minutes'
      FROM session_n k JOIN section_n c ON c.n = k.section, the_school s ORDER BY k.n;
      SET session_replication_role = origin;`,
    marks: `
      CREATE TEMP TABLE marked_section AS
        SELECT c.n FROM section_n c WHERE c.term = ${terms} OR c.k % ${markedEvery} = 0
          OR c.n IN (SELECT section FROM enrollment_n WHERE student <= 2)
          OR c.teacher_id = (SELECT id FROM teacher WHERE n = 1);
      CREATE TEMP TABLE roster AS
        SELECT section, array_agg(student_id ORDER BY student) AS ids FROM enrollment_n
        WHERE NOT is_dropped AND section IN (SELECT n FROM marked_section) GROUP BY section;
      CREATE TEMP TABLE held AS SELECT * FROM session_n WHERE starts_at + interval '70 minutes' < $now;
      ANALYZE marked_section; ANALYZE roster; ANALYZE held;
      SET session_replication_role = replica;
      INSERT INTO attendance_sheet (class_session_id, school_id, version, finalized_at, finalized_by_id, finalized_roster, updated_at)
      SELECT pg_temp.id_of('class', k.n, k.at), s.id, 1, k.starts_at + interval '10 minutes', c.teacher_id, r.ids, k.starts_at + interval '10 minutes'
      FROM held k JOIN section_n c ON c.n = k.section LEFT JOIN roster r ON r.section = k.section, the_school s
      WHERE k.term < ${terms} OR k.n % 50 > 0 ORDER BY k.n;
      CREATE TEMP TABLE mark AS
        SELECT k.n * 100000 + e.student AS n, pg_temp.id_of('class', k.n, k.at) AS class_id, e.student, e.student_id, c.teacher_id, k.section,
          k.date, k.starts_at, k.starts_at + interval '10 minutes' AS at, ${chance("k.n || '-' || e.student")} AS chance
        FROM held k JOIN marked_section m ON m.n = k.section JOIN section_n c ON c.n = k.section
          JOIN enrollment_n e ON e.section = k.section AND NOT e.is_dropped
        WHERE k.term < ${terms} OR k.n % 50 > 0 ORDER BY k.starts_at, k.n;
      INSERT INTO attendance_record (id, school_id, class_session_id, student_id, status, minutes_late, version, marked_at, marked_by_id)
      SELECT pg_temp.id_of('record', m.n, m.at), s.id, m.class_id, m.student_id, CASE WHEN m.chance < 3 THEN 'ABSENT' WHEN m.chance < 6 THEN 'LATE'
          WHEN m.chance = 6 THEN 'EXCUSED' ELSE 'PRESENT' END::"AttendanceStatus",
        CASE WHEN m.chance BETWEEN 3 AND 5 THEN 5 END, 1, m.at, m.teacher_id
      FROM mark m, the_school s;`,
    changes: `
      INSERT INTO attendance_change (id, record_id, school_id, class_session_id, student_id, version, to_status, to_minutes, changed_by_id, changed_at)
      SELECT pg_temp.id_of('change', m.n, m.at), r.id, r.school_id, r.class_session_id, r.student_id, 1, r.status, r.minutes_late, r.marked_by_id, r.marked_at
      FROM mark m JOIN attendance_record r ON r.id = pg_temp.id_of('record', m.n, m.at);`,
    notifications: `
      -- What inboxes keep: 13 months of absences and enrollments, what was sent of them for 90 days.
      CREATE TEMP TABLE news AS
        SELECT 'absence' AS kind, m.n, m.student_id, a.user_id, m.at, jsonb_build_object('attendanceRecordId', pg_temp.id_of('record', m.n, m.at),
          'classSessionId', m.class_id, 'sectionId', c.id, 'sectionCode', c.code, 'sectionTitle', c.title, 'date', m.date::text,
          'startsAt', to_char(m.starts_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"')) AS data
        FROM mark m JOIN section_n c ON c.n = m.section
          CROSS JOIN LATERAL (SELECT m.student_id AS user_id UNION ALL SELECT guardian_id FROM guardianship WHERE student_id = m.student_id) AS a
        WHERE m.chance < 3 AND m.at > $now - interval '13 months'
        UNION ALL
        SELECT 'enrollment', e.n, e.student_id, e.student_id, e.at - interval '10 days', jsonb_build_object('enrollmentId', pg_temp.id_of('enrollment', e.n, e.at),
          'sectionId', c.id, 'sectionCode', c.code, 'sectionTitle', c.title)
        FROM enrollment_n e JOIN section_n c ON c.n = e.section WHERE e.at - interval '10 days' > $now - interval '13 months';
      INSERT INTO notification (id, school_id, user_id, category, kind, event_id, topic, revision, student_id, data, created_at, read_at)
      SELECT pg_temp.id_of('news' || a.user_id, a.n, a.at), s.id, a.user_id, CASE a.kind WHEN 'absence' THEN 'ABSENCE' ELSE 'ENROLLMENT' END::"NotificationCategory",
        CASE a.kind WHEN 'absence' THEN 'attendance_marked_absent' ELSE 'student_enrolled' END, pg_temp.id_of(a.kind, a.n, a.at),
        md5(a.kind || a.n || a.user_id), 1, a.student_id, a.data, a.at, a.at
      FROM news a, the_school s ORDER BY a.at;
      INSERT INTO notification_delivery (id, notification_id, subscription_id, channel, state, reason, attempts, not_before, expires_at, accepted_at, created_at)
      SELECT pg_temp.id_of('delivery' || a.user_id, a.n, a.at), pg_temp.id_of('news' || a.user_id, a.n, a.at), d.id, 'webPush',
        CASE WHEN d.id IS NULL THEN 'SUPPRESSED' ELSE 'ACCEPTED' END::"DeliveryState", CASE WHEN d.id IS NULL THEN 'no_device' END,
        CASE WHEN d.id IS NULL THEN 0 ELSE 1 END, a.at, a.at + interval '12 hours', CASE WHEN d.id IS NOT NULL THEN a.at END, a.at
      FROM news a LEFT JOIN push_subscription d ON d.user_id = a.user_id WHERE a.at > $now - interval '90 days' ORDER BY a.at;`,
    logs: `
      INSERT INTO audit_entry (id, school_id, actor_id, action, object_type, object_id, details, source, at)
      SELECT pg_temp.id_of('audit', k.n, k.starts_at), s.id, c.teacher_id, 'attendance.finalized', 'class_session', pg_temp.id_of('class', k.n, k.at),
        '{"version": 1, "changes": 30, "alerts": 1, "corrections": 0}', 'api', k.starts_at + interval '10 minutes'
      FROM held k JOIN section_n c ON c.n = k.section, the_school s ORDER BY k.starts_at;
      INSERT INTO audit_entry (id, school_id, actor_id, action, object_type, object_id, details, source, at)
      SELECT pg_temp.id_of('audit-enrollment', e.n, e.at), s.id, e.student_id, 'enrollment.enrolled', 'enrollment', pg_temp.id_of('enrollment', e.n, e.at), '{}', 'api', e.at
      FROM enrollment_n e, the_school s ORDER BY e.at;
      -- A week of events, and four of those that were handled.
      CREATE TEMP TABLE told AS SELECT * FROM news WHERE kind = 'absence' AND user_id = student_id AND at > $now - interval '28 days';
      INSERT INTO outbox_event (event_id, type, key, school_id, envelope, created_at)
      SELECT pg_temp.id_of(a.kind, a.n, a.at), 'attendance_marked_absent', a.student_id, s.id, jsonb_build_object('id', pg_temp.id_of(a.kind, a.n, a.at), 'data', a.data), a.at
      FROM told a, the_school s WHERE a.at > $now - interval '7 days' ORDER BY a.at;
      INSERT INTO consumer_inbox (consumer, event_id, outcome, processed_at)
      SELECT 'notification', pg_temp.id_of(a.kind, a.n, a.at), 'done', a.at FROM told a;
      INSERT INTO auth_session (id, user_id, school_id, created_at, expires_at)
      SELECT pg_temp.id_of('session', p.n * 3 + k, $now), p.id, s.id, $now - (p.n % 30) * interval '1 day', $now + (30 - p.n % 37) * interval '1 day'
      FROM student p, the_school s, generate_series(0, 2) AS k WHERE NOT p.is_old;
      INSERT INTO refresh_token (id, session_id, token_hash, created_at, expires_at, used_at)
      SELECT pg_temp.id_of('token', p.n * 9 + k, $now), pg_temp.id_of('session', p.n * 3 + k / 3, $now), sha256(('token' || p.n * 9 + k)::bytea), $now, $now + (14 - p.n % 21) * interval '1 day', $now
      FROM student p, generate_series(0, 8) AS k WHERE NOT p.is_old;
      SET session_replication_role = origin;`,
    "vacuum and statistics": "VACUUM ANALYZE",
  };
}
