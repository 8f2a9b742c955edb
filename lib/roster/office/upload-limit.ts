/**
 * What a school sends at most, in bytes: that of a hundred thousand people is a third of it, packed. All of it has to arrive within 45
 * seconds (`lib/web/server/http-server.ts`).
 */
export const MAX_UPLOAD_BYTES = 32 * 1024 * 1024;
