-- Which process handles the event now (null: none), and how many processes died while they did.
ALTER TABLE "consumer_attempt" ADD COLUMN "crashes" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "consumer_attempt" ADD COLUMN "owner" INTEGER;
