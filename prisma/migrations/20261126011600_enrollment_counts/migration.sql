-- From when until when an enrollment counts: a class that ran in this time has the student on its roster, another has not.
ALTER TABLE "enrollment"
  ADD COLUMN "begins_on" DATE,
  ADD COLUMN "ends_on" DATE,
  ADD COLUMN "counts_from" TIMESTAMPTZ(6),
  ADD COLUMN "counts_until" TIMESTAMPTZ(6);

-- What the first import of a section brought has been in it from the start (null); whoever came later counts since then.
UPDATE "enrollment" e
SET "counts_from" = CASE
      WHEN e."origin" = 'OFFICE' AND e."enrolled_at" = (
        SELECT min(o."enrolled_at") FROM "enrollment" o WHERE o."section_id" = e."section_id" AND o."origin" = 'OFFICE'
      ) THEN NULL
      ELSE e."enrolled_at"
    END,
    "counts_until" = e."dropped_at";

ALTER TABLE "enrollment"
  ADD CONSTRAINT "enrollment_dropped_counts_check" CHECK ("status" <> 'DROPPED' OR "counts_until" IS NOT NULL);

-- A planned enrollment is not live: the student may be in the section already, by their own wish or until another day.
DROP INDEX "enrollment_live_key";
CREATE UNIQUE INDEX "enrollment_live_key" ON "enrollment" ("student_id", "section_id") WHERE "status" IN ('ENROLLED', 'WAITLISTED');

-- What the calendar has to begin or to end.
CREATE INDEX "enrollment_to_begin_idx" ON "enrollment" ("counts_from") WHERE "status" = 'PLANNED';
CREATE INDEX "enrollment_to_end_idx" ON "enrollment" ("counts_until") WHERE "status" = 'ENROLLED' AND "counts_until" IS NOT NULL;

-- Who was on the sheet when it was finished, so that nobody joins it afterwards. Null: not finished, or finished before.
ALTER TABLE "attendance_sheet" ADD COLUMN "finalized_roster" TEXT[];
