-- The classes of a day by time: the office's page of a day reads the first hundred of them, not all.
CREATE INDEX "class_session_school_id_date_starts_at_idx" ON "class_session"("school_id", "date", "starts_at");
DROP INDEX "class_session_school_id_date_idx";
-- Search looks at places of classes; few classes have one of their own.
CREATE INDEX "meeting_place_idx" ON "meeting" ("section_id") WHERE "search_text" <> '';
