-- The sections of a course in a term, without those of its other years.
CREATE INDEX "section_course_id_term_id_idx" ON "section"("course_id", "term_id");
DROP INDEX "section_course_id_idx";
