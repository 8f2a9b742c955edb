-- A grace between finishing a class and alerting guardians. Sheets that are final already were announced when they became so.
ALTER TABLE "school" ADD COLUMN "alert_grace_seconds" INTEGER;
ALTER TABLE "school" ADD CONSTRAINT "school_alert_grace_seconds_check" CHECK ("alert_grace_seconds" BETWEEN 0 AND 3600);

ALTER TABLE "attendance_sheet" ADD COLUMN "alerts_at" TIMESTAMPTZ(6);
-- Only what is final waits.
ALTER TABLE "attendance_sheet" ADD CONSTRAINT "attendance_sheet_alerts_at_check" CHECK ("alerts_at" IS NULL OR "finalized_at" IS NOT NULL);
CREATE INDEX "attendance_sheet_alerts_at_idx" ON "attendance_sheet"("alerts_at");
