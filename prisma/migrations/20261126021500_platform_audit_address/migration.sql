-- Where the request came from; null for imports, workers and everything before.
ALTER TABLE "audit_entry" ADD COLUMN "address" TEXT;
