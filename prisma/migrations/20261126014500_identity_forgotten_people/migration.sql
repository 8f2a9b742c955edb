-- Deleted people: what lets somebody in goes with the deletion, the name after the school's retention.
ALTER TABLE "school" ADD COLUMN "former_people_days" INTEGER NOT NULL DEFAULT 365,
    ADD CONSTRAINT "school_former_people_days_check" CHECK ("former_people_days" >= 0);
ALTER TABLE "app_user" ADD COLUMN "forgotten_at" TIMESTAMPTZ(6);
CREATE INDEX "app_user_ended_at_idx" ON "app_user"("ended_at");

-- People whom earlier versions deleted.
DELETE FROM "invitation" i USING "app_user" u WHERE u."id" = i."user_id" AND u."ended_at" IS NOT NULL;
UPDATE "app_user" SET "password_hash" = NULL, "password_shared" = false
    WHERE "ended_at" IS NOT NULL AND ("password_hash" IS NOT NULL OR "password_shared");

ALTER TABLE "app_user"
    ADD CONSTRAINT "app_user_ended_check" CHECK ("ended_at" IS NULL OR "password_hash" IS NULL),
    ADD CONSTRAINT "app_user_forgotten_check" CHECK ("forgotten_at" IS NULL OR ("ended_at" IS NOT NULL AND "sourced_id" IS NULL));
