-- Since when a section has had a teacher without a gap. Classes that were over before are history: nobody waits for their
-- marks. Of sections that have one already the school's first import is all that is known.
ALTER TABLE "section" ADD COLUMN "taught_from" TIMESTAMPTZ(6);
UPDATE "section" s SET "taught_from" = o."created_at" FROM "school" o
  WHERE o."id" = s."school_id" AND EXISTS (SELECT 1 FROM "section_teacher" t WHERE t."section_id" = s."id");
