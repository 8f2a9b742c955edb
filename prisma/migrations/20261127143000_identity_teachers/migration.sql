-- Search in sections looks at teachers' names: one of twenty people of a school is one.
CREATE INDEX "app_user_teacher_idx" ON "app_user" ("school_id") WHERE 'TEACHER' = ANY("roles");
