-- What may be tried only so often: kept for a day, as hashes.
CREATE TABLE "credential_attempt" (
    "id" TEXT NOT NULL,
    "scope" TEXT NOT NULL,
    "account_hash" BYTEA,
    "address_hash" BYTEA,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "credential_attempt_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "credential_attempt_scope_account_hash_created_at_idx" ON "credential_attempt"("scope", "account_hash", "created_at");
CREATE INDEX "credential_attempt_scope_address_hash_created_at_idx" ON "credential_attempt"("scope", "address_hash", "created_at");
CREATE INDEX "credential_attempt_created_at_idx" ON "credential_attempt"("created_at");
