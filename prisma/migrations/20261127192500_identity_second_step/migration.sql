-- A sign-in whose password was right, and which waits for the second factor.
CREATE TABLE "second_step" (
    "token_hash" BYTEA NOT NULL,
    "user_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "second_step_pkey" PRIMARY KEY ("token_hash"),
    CONSTRAINT "second_step_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "app_user"("id") ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE INDEX "second_step_user_id_idx" ON "second_step"("user_id");
CREATE INDEX "second_step_expires_at_idx" ON "second_step"("expires_at");
