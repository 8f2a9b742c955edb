-- What the retention rules look for is old: without these each look reads whole tables. The office's figures of the last
-- 24 hours are found by the index of deliveries, too.
CREATE INDEX "outbox_event_created_at_idx" ON "outbox_event"("created_at");
CREATE INDEX "dead_letter_replayed_at_created_at_idx" ON "dead_letter"("replayed_at", "created_at");
CREATE INDEX "auth_session_expires_at_idx" ON "auth_session"("expires_at");
CREATE INDEX "refresh_token_expires_at_idx" ON "refresh_token"("expires_at");
CREATE INDEX "invitation_expires_at_idx" ON "invitation"("expires_at");
CREATE INDEX "notification_created_at_idx" ON "notification"("created_at");
CREATE INDEX "notification_delivery_created_at_idx" ON "notification_delivery"("created_at");
-- How many dead letters of a school wait, for the office: an expression, so that no envelope is read.
CREATE INDEX "dead_letter_waiting_idx" ON "dead_letter" (("envelope" -> 'data' ->> 'schoolId')) WHERE "replayed_at" IS NULL;
