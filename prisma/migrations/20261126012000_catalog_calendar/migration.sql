-- Days without school, and class sessions that somebody cancelled or moved. What is stored keeps its meaning: a session
-- that was cancelled with its section has neither a day off nor somebody who cancelled it.
CREATE TYPE "DayOffSource" AS ENUM ('OFFICE', 'ICAL', 'ROSTER');

CREATE TABLE "school_day_off" (
    "id" TEXT NOT NULL,
    "school_id" TEXT NOT NULL,
    "starts_on" DATE NOT NULL,
    "ends_on" DATE NOT NULL,
    "title" TEXT NOT NULL,
    "source" "DayOffSource" NOT NULL,
    "uid" TEXT,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(6) NOT NULL,
    "created_by_id" TEXT,

    CONSTRAINT "school_day_off_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "school_day_off_dates_check" CHECK ("starts_on" <= "ends_on")
);
CREATE UNIQUE INDEX "school_day_off_school_id_source_uid_key" ON "school_day_off"("school_id", "source", "uid");
CREATE INDEX "school_day_off_school_id_starts_on_idx" ON "school_day_off"("school_id", "starts_on");
ALTER TABLE "school_day_off" ADD CONSTRAINT "school_day_off_school_id_fkey"
    FOREIGN KEY ("school_id") REFERENCES "school"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "class_session"
    ADD COLUMN "day_off_id" TEXT,
    ADD COLUMN "cancelled_at" TIMESTAMPTZ(6),
    ADD COLUMN "cancelled_by_id" TEXT,
    ADD COLUMN "cancel_reason" TEXT,
    ADD COLUMN "moved_at" TIMESTAMPTZ(6),
    ADD COLUMN "moved_by_id" TEXT,
    ADD COLUMN "moved_from_date" DATE,
    ADD COLUMN "moved_from_starts_at" TIMESTAMPTZ(6),
    ADD COLUMN "moved_from_ends_at" TIMESTAMPTZ(6),
    ADD COLUMN "moved_from_location" TEXT,
    ADD COLUMN "changes" INTEGER NOT NULL DEFAULT 0;
CREATE INDEX "class_session_day_off_id_idx" ON "class_session"("day_off_id");
CREATE INDEX "class_session_section_id_moved_from_date_idx" ON "class_session"("section_id", "moved_from_date");
ALTER TABLE "class_session" ADD CONSTRAINT "class_session_day_off_id_fkey"
    FOREIGN KEY ("day_off_id") REFERENCES "school_day_off"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
-- Whoever cancelled it, it is cancelled; and a move is remembered as a whole or not at all.
ALTER TABLE "class_session" ADD CONSTRAINT "class_session_cancelled_check"
    CHECK ("state" = 'CANCELLED' OR ("day_off_id" IS NULL AND "cancelled_at" IS NULL));
ALTER TABLE "class_session" ADD CONSTRAINT "class_session_moved_check"
    CHECK (num_nulls("moved_at", "moved_from_date", "moved_from_starts_at", "moved_from_ends_at") IN (0, 4));
