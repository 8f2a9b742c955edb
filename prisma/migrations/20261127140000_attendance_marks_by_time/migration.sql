-- A student's marks of a time: those of the years before are not read to find them.
CREATE INDEX "attendance_record_student_id_marked_at_idx" ON "attendance_record"("student_id", "marked_at");
DROP INDEX "attendance_record_student_id_idx";
