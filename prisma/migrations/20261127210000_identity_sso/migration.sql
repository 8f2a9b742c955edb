-- Who signs in elsewhere (OpenID Connect), and how a person is known there.
CREATE TABLE "sso_identity" (
    "issuer" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "school_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_used_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "sso_identity_pkey" PRIMARY KEY ("issuer","subject")
);

-- One person has one subject at an issuer: another with the same email address is another person.
CREATE UNIQUE INDEX "sso_identity_issuer_user_id_key" ON "sso_identity"("issuer", "user_id");
CREATE INDEX "sso_identity_user_id_idx" ON "sso_identity"("user_id");

ALTER TABLE "sso_identity" ADD CONSTRAINT "sso_identity_school_id_user_id_fkey"
  FOREIGN KEY ("school_id", "user_id") REFERENCES "app_user"("school_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "auth_session" ADD COLUMN "sso_provider" TEXT;
ALTER TABLE "school" ADD COLUMN "passwords_allowed" BOOLEAN NOT NULL DEFAULT true;
