-- An import of a roster is a job: what was asked for, how far it is, and what came of it.
CREATE TYPE "RosterImportStatus" AS ENUM ('STORING', 'QUEUED', 'RUNNING', 'DONE', 'REFUSED', 'FAILED', 'CANCELLED');
CREATE TYPE "RosterImportPhase" AS ENUM ('STORE', 'READ', 'COMPARE', 'WRITE');

CREATE TABLE "roster_import" (
    "id" TEXT NOT NULL,
    "school_id" TEXT,
    "status" "RosterImportStatus" NOT NULL DEFAULT 'STORING',
    "phase" "RosterImportPhase" NOT NULL DEFAULT 'STORE',
    "done" INTEGER NOT NULL DEFAULT 0,
    "total" INTEGER NOT NULL DEFAULT 0,
    "dry_run" BOOLEAN NOT NULL,
    "time_zone" TEXT,
    "shared_password_hash" TEXT,
    "public_url" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "job_id" TEXT,
    "report" JSONB,
    "error_code" TEXT,
    "error_reason" TEXT,
    "cancel_requested_at" TIMESTAMPTZ(6),
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(6),
    "moved_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(6),

    CONSTRAINT "roster_import_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "roster_import_ended_check" CHECK (("finished_at" IS NOT NULL) = ("status" IN ('DONE', 'REFUSED', 'FAILED', 'CANCELLED'))),
    -- The hash lets people in: it is there no longer than it is needed.
    CONSTRAINT "roster_import_hash_check" CHECK ("finished_at" IS NULL OR "shared_password_hash" IS NULL),
    CONSTRAINT "roster_import_report_check" CHECK (("report" IS NOT NULL) = ("status" IN ('DONE', 'REFUSED'))),
    CONSTRAINT "roster_import_error_check" CHECK (("error_code" IS NOT NULL) = ("status" = 'FAILED')),
    CONSTRAINT "roster_import_job_check" CHECK ("job_id" IS NOT NULL OR "status" NOT IN ('QUEUED', 'RUNNING')),
    CONSTRAINT "roster_import_progress_check" CHECK ("done" >= 0 AND "total" >= 0)
);
CREATE INDEX "roster_import_created_at_idx" ON "roster_import"("created_at");

-- The files of an import that has not ended. The bytes are compressed by the server.
CREATE TABLE "roster_import_chunk" (
    "import_id" TEXT NOT NULL,
    "file" TEXT NOT NULL,
    "part" INTEGER NOT NULL,
    "bytes" BYTEA NOT NULL,

    CONSTRAINT "roster_import_chunk_pkey" PRIMARY KEY ("import_id","file","part"),
    CONSTRAINT "roster_import_chunk_import_id_fkey" FOREIGN KEY ("import_id") REFERENCES "roster_import"("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "roster_import_chunk_bytes_check" CHECK (octet_length("bytes") <= 262144),
    CONSTRAINT "roster_import_chunk_part_check" CHECK ("part" >= 0)
);
