-- What a roster said earlier, so that a later one that sends only its changes is understood: which row made somebody a
-- teacher of a section or gave them a role, of what type a term is, and what was deleted.
ALTER TABLE "term" ADD COLUMN "type" TEXT, ADD COLUMN "ended_at" TIMESTAMPTZ(6);
ALTER TABLE "course" ADD COLUMN "ended_at" TIMESTAMPTZ(6);
ALTER TABLE "app_user" ADD COLUMN "ended_at" TIMESTAMPTZ(6);

-- Until now an import that deleted a term closed it and cancelled its sections; of a course a flag said so.
UPDATE "term" t SET "ended_at" = "enrollment_closes_at"
  WHERE "enrollment_closes_at" <= now()
    AND NOT EXISTS (SELECT 1 FROM "section" s WHERE s."term_id" = t."id" AND s."state" = 'ACTIVE');
UPDATE "course" SET "ended_at" = now() WHERE NOT "active";
ALTER TABLE "course" DROP COLUMN "active";

CREATE TABLE "section_teacher_source" (
    "school_id" TEXT NOT NULL,
    "sourced_id" TEXT NOT NULL,
    "section_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,

    CONSTRAINT "section_teacher_source_pkey" PRIMARY KEY ("school_id","sourced_id")
);
CREATE TABLE "user_role_source" (
    "school_id" TEXT NOT NULL,
    "sourced_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "role" "Role" NOT NULL,

    CONSTRAINT "user_role_source_pkey" PRIMARY KEY ("school_id","sourced_id")
);
CREATE INDEX "section_teacher_source_section_id_user_id_idx" ON "section_teacher_source"("section_id", "user_id");
CREATE INDEX "user_role_source_user_id_idx" ON "user_role_source"("user_id");
ALTER TABLE "section_teacher_source" ADD CONSTRAINT "section_teacher_source_section_id_user_id_fkey" FOREIGN KEY ("section_id", "user_id") REFERENCES "section_teacher"("section_id", "user_id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "user_role_source" ADD CONSTRAINT "user_role_source_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "app_user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Removing a meeting looks for its class sessions (the foreign key sets them free).
CREATE INDEX "class_session_meeting_id_idx" ON "class_session"("meeting_id");
