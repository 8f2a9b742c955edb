-- When somebody last showed, in this session, who they are; null, of sessions from before: when it began.
ALTER TABLE "auth_session" ADD COLUMN "proved_at" TIMESTAMPTZ(6);
