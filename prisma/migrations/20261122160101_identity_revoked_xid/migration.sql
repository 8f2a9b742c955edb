ALTER TABLE "auth_session" ADD COLUMN "revoked_xid" BIGINT;
CREATE INDEX "auth_session_revoked_xid_idx" ON "auth_session"("revoked_xid");
