import { type Db, Prisma, type Tx } from "@/lib/platform/db/client";
import { currentSectionsSql, meetingsOfSql } from "./held-terms";
import { type SearchWord, wordsOf } from "./search-words";

/**
 * The condition that a section `s` of course `c` has a word: in its own code, title or place, in its course, a teacher's
 * name or the place of a class, or by a class on one of the word's days. The stored texts are folded as the word is.
 * `strpos` and not LIKE: a `%` that somebody types is a character, not a pattern. Nothing in a subquery may name the
 * outer row, or it would run once for each section. Who teaches has the role, and few classes have a place of their own:
 * both are found by an index.
 */
export function hasWord(scope: { schoolId: string; now: Date }, word: SearchWord): Prisma.Sql {
  const { schoolId } = scope;
  const ways = word.texts.flatMap((text) => [
    Prisma.sql`strpos(s.search_text, ${text}) > 0`,
    Prisma.sql`strpos(c.search_text, ${text}) > 0`,
    Prisma.sql`s.id IN (SELECT st.section_id FROM section_teacher st JOIN app_user u ON u.id = st.user_id
      WHERE u.school_id = ${schoolId} AND 'TEACHER' = ANY(u.roles) AND u.ended_at IS NULL AND strpos(u.search_text, ${text}) > 0)`,
    Prisma.sql`s.id IN (SELECT m.section_id FROM meeting m JOIN section ms ON ms.id = m.section_id
      WHERE ms.school_id = ${schoolId} AND m.search_text <> '' AND strpos(m.search_text, ${text}) > 0)`,
  ]);
  if (word.days.length > 0)
    ways.push(Prisma.sql`s.id IN (SELECT s.id FROM ${currentSectionsSql(scope)} AS s CROSS JOIN LATERAL ${meetingsOfSql} AS m
      WHERE m.day = ANY(${[...word.days]}::int[]))`);
  return Prisma.sql`(${Prisma.join(ways, " OR ")})`;
}

/** Every word that the active sections of a school can be found by, folded. Read only when a search finds nothing. */
export async function searchVocabulary(client: Db | Tx, schoolId: string): Promise<string[]> {
  const rows = await client.$queryRaw<{ text: string }[]>`
    WITH active AS (SELECT id, course_id, search_text FROM section WHERE school_id = ${schoolId} AND state = 'ACTIVE')
    SELECT search_text AS text FROM active
    UNION SELECT c.search_text FROM course c WHERE c.id IN (SELECT course_id FROM active) AND c.ended_at IS NULL
    UNION SELECT m.search_text FROM meeting m WHERE m.section_id IN (SELECT id FROM active)
    UNION SELECT u.search_text FROM app_user u WHERE u.ended_at IS NULL AND u.id IN (
      SELECT st.user_id FROM section_teacher st WHERE st.section_id IN (SELECT id FROM active))`;
  const words = new Set(rows.flatMap(({ text }) => wordsOf(text)));
  return [...new Set([...words].map((word) => word.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, "")))];
}
