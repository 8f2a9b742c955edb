-- The address that its mail server refused for good: nothing is mailed there until the person asks again or has another.
ALTER TABLE "notification_setting" ADD COLUMN "refused_address" TEXT;
