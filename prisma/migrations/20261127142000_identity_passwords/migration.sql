-- How long a new password of a student or guardian is at least; staff need 15 whatever the school sets.
ALTER TABLE "school" ADD COLUMN "password_min_length" INTEGER NOT NULL DEFAULT 10;
ALTER TABLE "school" ADD CONSTRAINT "school_password_min_length_check" CHECK ("password_min_length" BETWEEN 8 AND 64);

-- Given by an import and not chosen since. Of those who signed in already nobody knows; those who did not still share a hash.
ALTER TABLE "app_user" ADD COLUMN "password_initial" BOOLEAN NOT NULL DEFAULT false;
UPDATE "app_user" SET "password_initial" = true WHERE "password_shared";

-- Where somebody is signed in, as they may see it.
ALTER TABLE "auth_session" ADD COLUMN "user_agent" TEXT;
ALTER TABLE "auth_session" ADD COLUMN "last_seen_at" TIMESTAMPTZ(6);
ALTER TABLE "auth_session" ADD CONSTRAINT "auth_session_user_agent_check" CHECK (length("user_agent") <= 400);
