-- What links a row to a person or a section holds the school too: a row of one school cannot name somebody of another.
-- Each takes the place of the key without the school, which it implies. NOT VALID: rows written before are not read now,
-- so that no table is locked for long; every new or changed row is checked. What there is can be checked at any time by
-- ALTER TABLE … VALIDATE CONSTRAINT ….
CREATE UNIQUE INDEX "app_user_school_id_id_key" ON "app_user"("school_id", "id");
CREATE UNIQUE INDEX "section_school_id_id_key" ON "section"("school_id", "id");

ALTER TABLE "guardianship" DROP CONSTRAINT "guardianship_guardian_id_fkey",
    ADD CONSTRAINT "guardianship_school_id_guardian_id_fkey" FOREIGN KEY ("school_id", "guardian_id") REFERENCES "app_user"("school_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE NOT VALID;

ALTER TABLE "guardianship" DROP CONSTRAINT "guardianship_student_id_fkey",
    ADD CONSTRAINT "guardianship_school_id_student_id_fkey" FOREIGN KEY ("school_id", "student_id") REFERENCES "app_user"("school_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE NOT VALID;

ALTER TABLE "auth_session" DROP CONSTRAINT "auth_session_user_id_fkey",
    ADD CONSTRAINT "auth_session_school_id_user_id_fkey" FOREIGN KEY ("school_id", "user_id") REFERENCES "app_user"("school_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE NOT VALID;

ALTER TABLE "enrollment" DROP CONSTRAINT "enrollment_student_id_fkey",
    ADD CONSTRAINT "enrollment_school_id_student_id_fkey" FOREIGN KEY ("school_id", "student_id") REFERENCES "app_user"("school_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE NOT VALID;

ALTER TABLE "enrollment" DROP CONSTRAINT "enrollment_section_id_fkey",
    ADD CONSTRAINT "enrollment_school_id_section_id_fkey" FOREIGN KEY ("school_id", "section_id") REFERENCES "section"("school_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE NOT VALID;

ALTER TABLE "attendance_record" DROP CONSTRAINT "attendance_record_student_id_fkey",
    ADD CONSTRAINT "attendance_record_school_id_student_id_fkey" FOREIGN KEY ("school_id", "student_id") REFERENCES "app_user"("school_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE NOT VALID;

ALTER TABLE "notification" DROP CONSTRAINT "notification_user_id_fkey",
    ADD CONSTRAINT "notification_school_id_user_id_fkey" FOREIGN KEY ("school_id", "user_id") REFERENCES "app_user"("school_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE NOT VALID;

ALTER TABLE "push_subscription" DROP CONSTRAINT "push_subscription_user_id_fkey",
    ADD CONSTRAINT "push_subscription_school_id_user_id_fkey" FOREIGN KEY ("school_id", "user_id") REFERENCES "app_user"("school_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE NOT VALID;
