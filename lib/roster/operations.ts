import { operation } from "@/lib/shared/operation";
import { MAX_UPLOAD_BYTES } from "./office/upload-limit";
import { rosterImportParams, rosterImportProgress, startedImport, uploadQuery } from "./schema";

export const uploadRosterOperation = operation({
  id: "uploadRoster",
  method: "PUT",
  path: "/api/roster-imports/{importId}",
  summary:
    "Send a OneRoster ZIP under a new id of yours: a preview of what it would change is made, and nothing is changed. An id that is there answers as before, and its file is not read",
  tag: "roster",
  access: ["ADMIN"],
  params: rosterImportParams,
  query: uploadQuery,
  upload: { types: ["application/zip", "text/csv", "application/octet-stream"], maxBytes: MAX_UPLOAD_BYTES },
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
