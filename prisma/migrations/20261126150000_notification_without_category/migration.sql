-- A test alert belongs to no category: no switch decides about it. Those stored as absences until now were shown in no inbox.
ALTER TABLE "notification" ALTER COLUMN "category" DROP NOT NULL;
UPDATE "notification" SET "category" = NULL WHERE "kind" = 'test';
