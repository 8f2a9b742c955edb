-- What waits or is being sent for one subscription: asked at every claim, and when a subscription ends. Partial, because
-- almost all rows of the table are finished.
CREATE INDEX "notification_delivery_waiting_idx" ON "notification_delivery" ("subscription_id", "state")
  WHERE "state" IN ('PENDING', 'SENDING');
-- The page and the badge of one person: what is unread.
CREATE INDEX "notification_unread_idx" ON "notification" ("user_id", "topic") WHERE "read_at" IS NULL;
