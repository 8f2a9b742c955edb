-- The first answer to a call with an `Idempotency-Key`; written in the transaction of its effect.
CREATE TABLE "idempotency_key" (
    "user_id" TEXT NOT NULL,
    "route" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "body_hash" BYTEA NOT NULL,
    "status" INTEGER NOT NULL,
    "headers" JSONB NOT NULL,
    "answer" TEXT,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "idempotency_key_pkey" PRIMARY KEY ("user_id","route","key"),
    CONSTRAINT "idempotency_key_key_check" CHECK (char_length("key") BETWEEN 1 AND 255),
    CONSTRAINT "idempotency_key_hash_check" CHECK (octet_length("body_hash") = 32)
);
CREATE INDEX "idempotency_key_created_at_idx" ON "idempotency_key"("created_at");
