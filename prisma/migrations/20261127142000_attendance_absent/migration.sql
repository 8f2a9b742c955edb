-- The absent of a day's classes, for the office: a few of a hundred marks.
CREATE INDEX "attendance_record_absent_idx" ON "attendance_record" ("class_session_id") WHERE "status" = 'ABSENT';
