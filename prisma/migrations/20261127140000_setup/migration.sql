-- A one-time link to set up a school on an installation that has nobody to administer it. At most one row counts.
CREATE TABLE "setup_link" (
    "id" TEXT NOT NULL,
    "token_hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "setup_link_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX "setup_link_token_hash_key" ON "setup_link"("token_hash");

-- A school that was set up by hand takes its sourcedId from the first roster, and keeps the name that people gave it.
ALTER TABLE "school" ADD COLUMN "awaits_roster" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN "own_name" BOOLEAN NOT NULL DEFAULT false;

-- An import that somebody asked for in the browser: into which school, who, and the import that a preview became.
ALTER TABLE "roster_import" ADD COLUMN "target_school_id" TEXT,
ADD COLUMN "asked_by_id" TEXT,
ADD COLUMN "followed_by_id" TEXT;

CREATE INDEX "roster_import_target_school_id_created_at_idx" ON "roster_import"("target_school_id", "created_at");

-- Roles that were given in the product: no roster takes them.
ALTER TABLE "app_user" ADD COLUMN "own_roles" "Role"[] NOT NULL DEFAULT '{}';

-- The office's home counts who has no password yet: few, once a school works.
CREATE INDEX "app_user_waiting_idx" ON "app_user"("school_id") WHERE "active" AND "password_hash" IS NULL;
