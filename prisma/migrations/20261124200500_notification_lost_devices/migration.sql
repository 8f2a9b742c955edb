-- How many processes died while they were sending it: one that kills its sender is set aside in the end.
ALTER TABLE "notification_delivery" ADD COLUMN "crashes" INTEGER NOT NULL DEFAULT 0;

-- Subscriptions that their push service forgot: only their browser may bring a new one by itself. A device that was
-- removed, or that somebody signed out of, leaves no row here and so never comes back without its person.
CREATE TABLE "push_subscription_lost" (
    "id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "lost_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "push_subscription_lost_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "push_subscription_lost_lost_at_idx" ON "push_subscription_lost"("lost_at");
