-- A section may be held in several terms: `section.term_id` is the first by date, the others are here. Stored sections
-- have one term and no row.
CREATE TABLE "section_further_term" (
    "section_id" TEXT NOT NULL,
    "term_id" TEXT NOT NULL,

    CONSTRAINT "section_further_term_pkey" PRIMARY KEY ("section_id", "term_id")
);
CREATE INDEX "section_further_term_term_id_idx" ON "section_further_term"("term_id");
ALTER TABLE "section_further_term" ADD CONSTRAINT "section_further_term_section_id_fkey"
    FOREIGN KEY ("section_id") REFERENCES "section"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "section_further_term" ADD CONSTRAINT "section_further_term_term_id_fkey"
    FOREIGN KEY ("term_id") REFERENCES "term"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
