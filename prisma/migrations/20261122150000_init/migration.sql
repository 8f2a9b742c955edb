-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "AttendanceStatus" AS ENUM ('PRESENT', 'ABSENT', 'LATE', 'EXCUSED');

-- CreateEnum
CREATE TYPE "SectionState" AS ENUM ('ACTIVE', 'CANCELLED');

-- CreateEnum
CREATE TYPE "ClassSessionState" AS ENUM ('SCHEDULED', 'CANCELLED');

-- CreateEnum
CREATE TYPE "EnrollmentStatus" AS ENUM ('ENROLLED', 'WAITLISTED', 'DROPPED');

-- CreateEnum
CREATE TYPE "EnrollmentOrigin" AS ENUM ('SELF', 'OFFICE');

-- CreateEnum
CREATE TYPE "Role" AS ENUM ('STUDENT', 'TEACHER', 'GUARDIAN', 'ADMIN');

-- CreateEnum
CREATE TYPE "NotificationCategory" AS ENUM ('ABSENCE', 'ATTENDANCE_CORRECTION', 'ENROLLMENT');

-- CreateEnum
CREATE TYPE "DeliveryState" AS ENUM ('PENDING', 'SENDING', 'ACCEPTED', 'SUPPRESSED', 'GONE', 'DEAD');

-- CreateTable
CREATE TABLE "attendance_sheet" (
    "class_session_id" TEXT NOT NULL,
    "school_id" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 0,
    "finalized_at" TIMESTAMPTZ(6),
    "finalized_by_id" TEXT,
    "updated_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "attendance_sheet_pkey" PRIMARY KEY ("class_session_id")
);

-- CreateTable
CREATE TABLE "attendance_record" (
    "id" TEXT NOT NULL,
    "school_id" TEXT NOT NULL,
    "class_session_id" TEXT NOT NULL,
    "student_id" TEXT NOT NULL,
    "status" "AttendanceStatus",
    "minutes_late" SMALLINT,
    "note" TEXT,
    "version" INTEGER NOT NULL DEFAULT 1,
    "marked_at" TIMESTAMPTZ(6) NOT NULL,
    "marked_by_id" TEXT NOT NULL,

    CONSTRAINT "attendance_record_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "attendance_change" (
    "id" TEXT NOT NULL,
    "record_id" TEXT NOT NULL,
    "school_id" TEXT NOT NULL,
    "class_session_id" TEXT NOT NULL,
    "student_id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "from_status" "AttendanceStatus",
    "to_status" "AttendanceStatus",
    "from_minutes" SMALLINT,
    "to_minutes" SMALLINT,
    "note_changed" BOOLEAN NOT NULL DEFAULT false,
    "changed_by_id" TEXT NOT NULL,
    "changed_at" TIMESTAMPTZ(6) NOT NULL,
    "request_id" TEXT,

    CONSTRAINT "attendance_change_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "term" (
    "id" TEXT NOT NULL,
    "school_id" TEXT NOT NULL,
    "sourced_id" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "starts_on" DATE NOT NULL,
    "ends_on" DATE NOT NULL,
    "enrollment_opens_at" TIMESTAMPTZ(6),
    "enrollment_closes_at" TIMESTAMPTZ(6),

    CONSTRAINT "term_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "course" (
    "id" TEXT NOT NULL,
    "school_id" TEXT NOT NULL,
    "sourced_id" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "subject" TEXT,
    "credits" DECIMAL(6,2),
    "active" BOOLEAN NOT NULL DEFAULT true,

    CONSTRAINT "course_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "section" (
    "id" TEXT NOT NULL,
    "school_id" TEXT NOT NULL,
    "sourced_id" TEXT NOT NULL,
    "course_id" TEXT NOT NULL,
    "term_id" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "location" TEXT,
    "capacity" INTEGER NOT NULL,
    "waitlist_capacity" INTEGER NOT NULL,
    "seats_taken" INTEGER NOT NULL DEFAULT 0,
    "office_seats" INTEGER NOT NULL DEFAULT 0,
    "weeks" TEXT,
    "state" "SectionState" NOT NULL DEFAULT 'ACTIVE',

    CONSTRAINT "section_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "section_teacher" (
    "section_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,

    CONSTRAINT "section_teacher_pkey" PRIMARY KEY ("section_id","user_id")
);

-- CreateTable
CREATE TABLE "meeting" (
    "id" TEXT NOT NULL,
    "section_id" TEXT NOT NULL,
    "day" SMALLINT NOT NULL,
    "start_minute" SMALLINT NOT NULL,
    "end_minute" SMALLINT NOT NULL,
    "location" TEXT,

    CONSTRAINT "meeting_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "class_session" (
    "id" TEXT NOT NULL,
    "school_id" TEXT NOT NULL,
    "section_id" TEXT NOT NULL,
    "meeting_id" TEXT,
    "date" DATE NOT NULL,
    "starts_at" TIMESTAMPTZ(6) NOT NULL,
    "ends_at" TIMESTAMPTZ(6) NOT NULL,
    "location" TEXT,
    "state" "ClassSessionState" NOT NULL DEFAULT 'SCHEDULED',

    CONSTRAINT "class_session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "enrollment" (
    "id" TEXT NOT NULL,
    "school_id" TEXT NOT NULL,
    "section_id" TEXT NOT NULL,
    "student_id" TEXT NOT NULL,
    "course_id" TEXT NOT NULL,
    "term_id" TEXT NOT NULL,
    "status" "EnrollmentStatus" NOT NULL,
    "origin" "EnrollmentOrigin" NOT NULL,
    "sourced_id" TEXT,
    "enrolled_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "dropped_at" TIMESTAMPTZ(6),

    CONSTRAINT "enrollment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "school" (
    "id" TEXT NOT NULL,
    "sourced_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "time_zone" TEXT NOT NULL,
    "attendance_edit_minutes" INTEGER,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "school_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "app_user" (
    "id" TEXT NOT NULL,
    "school_id" TEXT NOT NULL,
    "sourced_id" TEXT,
    "email" TEXT NOT NULL,
    "given_name" TEXT NOT NULL,
    "family_name" TEXT NOT NULL,
    "roles" "Role"[],
    "active" BOOLEAN NOT NULL DEFAULT true,
    "password_hash" TEXT,
    "password_shared" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "app_user_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "guardianship" (
    "guardian_id" TEXT NOT NULL,
    "student_id" TEXT NOT NULL,
    "school_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "guardianship_pkey" PRIMARY KEY ("guardian_id","student_id")
);

-- CreateTable
CREATE TABLE "auth_session" (
    "id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "school_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(6) NOT NULL,
    "revoked_at" TIMESTAMPTZ(6),
    "revoked_reason" TEXT,

    CONSTRAINT "auth_session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "refresh_token" (
    "id" TEXT NOT NULL,
    "session_id" TEXT NOT NULL,
    "token_hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(6) NOT NULL,
    "used_at" TIMESTAMPTZ(6),

    CONSTRAINT "refresh_token_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "invitation" (
    "id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "token_hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(6) NOT NULL,
    "used_at" TIMESTAMPTZ(6),

    CONSTRAINT "invitation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "notification" (
    "id" TEXT NOT NULL,
    "school_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "category" "NotificationCategory" NOT NULL,
    "kind" TEXT NOT NULL,
    "event_id" TEXT NOT NULL,
    "topic" TEXT NOT NULL,
    "revision" INTEGER NOT NULL DEFAULT 0,
    "student_id" TEXT,
    "data" JSONB NOT NULL,
    "in_app" BOOLEAN NOT NULL DEFAULT true,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "read_at" TIMESTAMPTZ(6),

    CONSTRAINT "notification_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "notification_delivery" (
    "id" TEXT NOT NULL,
    "notification_id" TEXT NOT NULL,
    "subscription_id" TEXT,
    "channel" TEXT NOT NULL,
    "state" "DeliveryState" NOT NULL DEFAULT 'PENDING',
    "reason" TEXT,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "not_before" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(6) NOT NULL,
    "claimed_at" TIMESTAMPTZ(6),
    "claimed_by" TEXT,
    "accepted_at" TIMESTAMPTZ(6),
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "notification_delivery_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "push_subscription" (
    "id" TEXT NOT NULL,
    "school_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "endpoint" TEXT NOT NULL,
    "p256dh" TEXT NOT NULL,
    "auth" TEXT NOT NULL,
    "vapid_public_key" TEXT NOT NULL,
    "user_agent" TEXT,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_seen_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_accepted_at" TIMESTAMPTZ(6),

    CONSTRAINT "push_subscription_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "notification_preference" (
    "user_id" TEXT NOT NULL,
    "category" "NotificationCategory" NOT NULL,
    "channel" TEXT NOT NULL,
    "enabled" BOOLEAN NOT NULL,

    CONSTRAINT "notification_preference_pkey" PRIMARY KEY ("user_id","category","channel")
);

-- CreateTable
CREATE TABLE "notification_setting" (
    "user_id" TEXT NOT NULL,
    "quiet_start" TEXT,
    "quiet_end" TEXT,
    "quiet_time_zone" TEXT,
    "digest" TEXT NOT NULL DEFAULT 'off',

    CONSTRAINT "notification_setting_pkey" PRIMARY KEY ("user_id")
);

-- CreateTable
CREATE TABLE "outbox_event" (
    "id" BIGSERIAL NOT NULL,
    "xid" BIGINT NOT NULL DEFAULT ((pg_current_xact_id())::text)::bigint,
    "event_id" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "school_id" TEXT NOT NULL,
    "envelope" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "outbox_event_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "outbox_cursor" (
    "reader" TEXT NOT NULL,
    "xid" BIGINT NOT NULL DEFAULT 0,
    "event_id" BIGINT NOT NULL DEFAULT 0,
    "updated_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "outbox_cursor_pkey" PRIMARY KEY ("reader")
);

-- CreateTable
CREATE TABLE "consumer_inbox" (
    "consumer" TEXT NOT NULL,
    "event_id" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "processed_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "consumer_inbox_pkey" PRIMARY KEY ("consumer","event_id")
);

-- CreateTable
CREATE TABLE "consumer_attempt" (
    "consumer" TEXT NOT NULL,
    "event_id" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "first_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_error" TEXT,

    CONSTRAINT "consumer_attempt_pkey" PRIMARY KEY ("consumer","event_id")
);

-- CreateTable
CREATE TABLE "dead_letter" (
    "id" TEXT NOT NULL,
    "consumer" TEXT NOT NULL,
    "event_id" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL,
    "origin" TEXT NOT NULL,
    "envelope" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "replayed_at" TIMESTAMPTZ(6),

    CONSTRAINT "dead_letter_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_entry" (
    "id" TEXT NOT NULL,
    "school_id" TEXT NOT NULL,
    "actor_id" TEXT,
    "action" TEXT NOT NULL,
    "object_type" TEXT NOT NULL,
    "object_id" TEXT NOT NULL,
    "details" JSONB NOT NULL,
    "request_id" TEXT,
    "source" TEXT NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "audit_entry_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "attendance_record_student_id_idx" ON "attendance_record"("student_id");

-- CreateIndex
CREATE UNIQUE INDEX "attendance_record_class_session_id_student_id_key" ON "attendance_record"("class_session_id", "student_id");

-- CreateIndex
CREATE INDEX "attendance_change_record_id_idx" ON "attendance_change"("record_id");

-- CreateIndex
CREATE INDEX "attendance_change_class_session_id_changed_at_idx" ON "attendance_change"("class_session_id", "changed_at");

-- CreateIndex
CREATE UNIQUE INDEX "term_school_id_sourced_id_key" ON "term"("school_id", "sourced_id");

-- CreateIndex
CREATE UNIQUE INDEX "course_school_id_sourced_id_key" ON "course"("school_id", "sourced_id");

-- CreateIndex
CREATE INDEX "section_school_id_term_id_idx" ON "section"("school_id", "term_id");

-- CreateIndex
CREATE INDEX "section_course_id_idx" ON "section"("course_id");

-- CreateIndex
CREATE UNIQUE INDEX "section_school_id_sourced_id_key" ON "section"("school_id", "sourced_id");

-- CreateIndex
CREATE INDEX "section_teacher_user_id_idx" ON "section_teacher"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "meeting_section_id_day_start_minute_key" ON "meeting"("section_id", "day", "start_minute");

-- CreateIndex
CREATE INDEX "class_session_school_id_date_idx" ON "class_session"("school_id", "date");

-- CreateIndex
CREATE INDEX "class_session_section_id_date_idx" ON "class_session"("section_id", "date");

-- CreateIndex
CREATE UNIQUE INDEX "class_session_section_id_starts_at_key" ON "class_session"("section_id", "starts_at");

-- CreateIndex
CREATE INDEX "enrollment_section_id_status_idx" ON "enrollment"("section_id", "status");

-- CreateIndex
CREATE INDEX "enrollment_student_id_status_idx" ON "enrollment"("student_id", "status");

-- CreateIndex
CREATE UNIQUE INDEX "enrollment_school_id_sourced_id_key" ON "enrollment"("school_id", "sourced_id");

-- CreateIndex
CREATE UNIQUE INDEX "school_sourced_id_key" ON "school"("sourced_id");

-- CreateIndex
CREATE UNIQUE INDEX "app_user_email_key" ON "app_user"("email");

-- CreateIndex
CREATE INDEX "app_user_school_id_family_name_given_name_idx" ON "app_user"("school_id", "family_name", "given_name");

-- CreateIndex
CREATE UNIQUE INDEX "app_user_school_id_sourced_id_key" ON "app_user"("school_id", "sourced_id");

-- CreateIndex
CREATE INDEX "guardianship_student_id_idx" ON "guardianship"("student_id");

-- CreateIndex
CREATE INDEX "auth_session_user_id_idx" ON "auth_session"("user_id");

-- CreateIndex
CREATE INDEX "auth_session_revoked_at_idx" ON "auth_session"("revoked_at");

-- CreateIndex
CREATE UNIQUE INDEX "refresh_token_token_hash_key" ON "refresh_token"("token_hash");

-- CreateIndex
CREATE INDEX "refresh_token_session_id_idx" ON "refresh_token"("session_id");

-- CreateIndex
CREATE UNIQUE INDEX "invitation_token_hash_key" ON "invitation"("token_hash");

-- CreateIndex
CREATE INDEX "invitation_user_id_idx" ON "invitation"("user_id");

-- CreateIndex
CREATE INDEX "notification_user_id_created_at_idx" ON "notification"("user_id", "created_at");

-- CreateIndex
CREATE INDEX "notification_user_id_topic_idx" ON "notification"("user_id", "topic");

-- CreateIndex
CREATE UNIQUE INDEX "notification_event_id_user_id_key" ON "notification"("event_id", "user_id");

-- CreateIndex
CREATE INDEX "notification_delivery_state_not_before_idx" ON "notification_delivery"("state", "not_before");

-- CreateIndex
CREATE UNIQUE INDEX "notification_delivery_notification_id_subscription_id_key" ON "notification_delivery"("notification_id", "subscription_id");

-- CreateIndex
CREATE UNIQUE INDEX "push_subscription_endpoint_key" ON "push_subscription"("endpoint");

-- CreateIndex
CREATE INDEX "push_subscription_user_id_idx" ON "push_subscription"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "outbox_event_event_id_key" ON "outbox_event"("event_id");

-- CreateIndex
CREATE INDEX "outbox_event_xid_id_idx" ON "outbox_event"("xid", "id");

-- CreateIndex
CREATE INDEX "consumer_inbox_processed_at_idx" ON "consumer_inbox"("processed_at");

-- CreateIndex
CREATE UNIQUE INDEX "dead_letter_consumer_event_id_key" ON "dead_letter"("consumer", "event_id");

-- CreateIndex
CREATE INDEX "audit_entry_school_id_at_idx" ON "audit_entry"("school_id", "at");

-- CreateIndex
CREATE INDEX "audit_entry_object_type_object_id_idx" ON "audit_entry"("object_type", "object_id");

-- AddForeignKey
ALTER TABLE "attendance_sheet" ADD CONSTRAINT "attendance_sheet_class_session_id_fkey" FOREIGN KEY ("class_session_id") REFERENCES "class_session"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "attendance_record" ADD CONSTRAINT "attendance_record_class_session_id_fkey" FOREIGN KEY ("class_session_id") REFERENCES "class_session"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "attendance_record" ADD CONSTRAINT "attendance_record_student_id_fkey" FOREIGN KEY ("student_id") REFERENCES "app_user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "attendance_change" ADD CONSTRAINT "attendance_change_record_id_fkey" FOREIGN KEY ("record_id") REFERENCES "attendance_record"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "term" ADD CONSTRAINT "term_school_id_fkey" FOREIGN KEY ("school_id") REFERENCES "school"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "section" ADD CONSTRAINT "section_course_id_fkey" FOREIGN KEY ("course_id") REFERENCES "course"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "section" ADD CONSTRAINT "section_term_id_fkey" FOREIGN KEY ("term_id") REFERENCES "term"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "section_teacher" ADD CONSTRAINT "section_teacher_section_id_fkey" FOREIGN KEY ("section_id") REFERENCES "section"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "section_teacher" ADD CONSTRAINT "section_teacher_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "app_user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "meeting" ADD CONSTRAINT "meeting_section_id_fkey" FOREIGN KEY ("section_id") REFERENCES "section"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "class_session" ADD CONSTRAINT "class_session_section_id_fkey" FOREIGN KEY ("section_id") REFERENCES "section"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "class_session" ADD CONSTRAINT "class_session_meeting_id_fkey" FOREIGN KEY ("meeting_id") REFERENCES "meeting"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "enrollment" ADD CONSTRAINT "enrollment_section_id_fkey" FOREIGN KEY ("section_id") REFERENCES "section"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "enrollment" ADD CONSTRAINT "enrollment_student_id_fkey" FOREIGN KEY ("student_id") REFERENCES "app_user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "app_user" ADD CONSTRAINT "app_user_school_id_fkey" FOREIGN KEY ("school_id") REFERENCES "school"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "guardianship" ADD CONSTRAINT "guardianship_guardian_id_fkey" FOREIGN KEY ("guardian_id") REFERENCES "app_user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "guardianship" ADD CONSTRAINT "guardianship_student_id_fkey" FOREIGN KEY ("student_id") REFERENCES "app_user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "auth_session" ADD CONSTRAINT "auth_session_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "app_user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "refresh_token" ADD CONSTRAINT "refresh_token_session_id_fkey" FOREIGN KEY ("session_id") REFERENCES "auth_session"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invitation" ADD CONSTRAINT "invitation_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "app_user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "notification" ADD CONSTRAINT "notification_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "app_user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "notification_delivery" ADD CONSTRAINT "notification_delivery_notification_id_fkey" FOREIGN KEY ("notification_id") REFERENCES "notification"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "push_subscription" ADD CONSTRAINT "push_subscription_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "app_user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;


-- Invariants that the schema language cannot say. They hold whatever the code does.

-- A section never holds more people than seats, except those whom the office put in.
ALTER TABLE "section"
  ADD CONSTRAINT "section_capacity_check" CHECK ("capacity" >= 0 AND "waitlist_capacity" >= 0 AND "office_seats" >= 0),
  ADD CONSTRAINT "section_seats_check" CHECK ("seats_taken" >= 0 AND "seats_taken" <= GREATEST("capacity", "office_seats")),
  ADD CONSTRAINT "section_weeks_check" CHECK ("weeks" IS NULL OR "weeks" ~ '^[01]{1,60}$');

-- One live enrollment of a student in a section; dropped rows stay beside it.
CREATE UNIQUE INDEX "enrollment_live_key" ON "enrollment" ("student_id", "section_id") WHERE "status" <> 'DROPPED';
ALTER TABLE "enrollment"
  ADD CONSTRAINT "enrollment_dropped_check" CHECK (("status" = 'DROPPED') = ("dropped_at" IS NOT NULL));

ALTER TABLE "term" ADD CONSTRAINT "term_dates_check" CHECK ("starts_on" <= "ends_on");
ALTER TABLE "meeting"
  ADD CONSTRAINT "meeting_day_check" CHECK ("day" BETWEEN 1 AND 7),
  ADD CONSTRAINT "meeting_minutes_check" CHECK ("start_minute" >= 0 AND "start_minute" < "end_minute" AND "end_minute" <= 1440);
ALTER TABLE "class_session" ADD CONSTRAINT "class_session_times_check" CHECK ("starts_at" < "ends_at");

-- E-mails are stored lower-cased, so that uniqueness means what people think it means.
ALTER TABLE "app_user" ADD CONSTRAINT "app_user_email_check" CHECK ("email" = lower("email") AND "email" <> '');
ALTER TABLE "guardianship" ADD CONSTRAINT "guardianship_self_check" CHECK ("guardian_id" <> "student_id");

ALTER TABLE "attendance_record"
  ADD CONSTRAINT "attendance_record_minutes_check" CHECK ("minutes_late" IS NULL OR ("status" = 'LATE' AND "minutes_late" BETWEEN 0 AND 600));

-- Logs are append-only: history cannot be rewritten, not even by a defect of ours.
CREATE FUNCTION "refuse_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER "attendance_change_append_only" BEFORE UPDATE ON "attendance_change" FOR EACH ROW EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "audit_entry_append_only" BEFORE UPDATE ON "audit_entry" FOR EACH ROW EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "outbox_event_append_only" BEFORE UPDATE ON "outbox_event" FOR EACH ROW EXECUTE FUNCTION "refuse_change"();
