import { operation } from "@/lib/shared/operation";
import { MAX_UPLOAD_BYTES } from "./office/upload-limit";
import { rosterImportParams, rosterImportProgress, startedImport, uploadQuery } from "./schema";

export const uploadRosterOperation = operation({
  id: "uploadRoster",
  method: "POST",
  path: "/api/roster-imports",
  summary: "Send a OneRoster ZIP: a preview of what it would change is made, and nothing is changed",
  tag: "roster",
  access: ["ADMIN"],
  query: uploadQuery,
  upload: { types: ["application/zip", "text/csv", "application/octet-stream"], maxBytes: MAX_UPLOAD_BYTES },
  idempotency: "none", // a second preview changes nothing either
  responses: { 201: startedImport },
  errors: ["payload_too_large"],
});

export const rosterImportOperation = operation({
  id: "getRosterImport",
  method: "GET",
  path: "/api/roster-imports/{importId}",
  summary: "How far an import of my school is",
  tag: "roster",
  access: ["ADMIN"],
  params: rosterImportParams,
  responses: { 200: rosterImportProgress },
  errors: ["not_found"],
});
