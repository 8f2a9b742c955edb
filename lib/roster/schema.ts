import { z } from "zod";
import { INVITED_GROUPS } from "@/lib/identity/invitations/waiting-people";
import { idSchema, textSchema } from "@/lib/shared/schema";

export const rosterImportParams = z.object({ importId: idSchema });

export const uploadQuery = z.object({
  /** What the file is called, for sentences about it. */
  name: textSchema(200).optional(),
});

export const startedImport = z.object({ id: idSchema });

/** How far an import is; `done` of `total` in this phase, in bytes, steps or records. A `total` of 0 is not known. */
export const rosterImportProgress = z.object({
  id: idSchema,
  status: z.enum(["STORING", "QUEUED", "RUNNING", "DONE", "REFUSED", "FAILED", "CANCELLED"]),
  phase: z.enum(["STORE", "READ", "COMPARE", "WRITE"]),
  done: z.int(),
  total: z.int(),
  /** A preview: nothing is changed. */
  dryRun: z.boolean(),
});

/** For whom links are made: a group of the school, or of one class its students or their guardians. */
export const makeLinksInput = z.object({
  whom: z.enum(INVITED_GROUPS),
  classId: z.preprocess((value) => (value === "" ? undefined : value), idSchema.optional()),
  /** Also for people whose link still works: it ends. */
  again: z.preprocess((value) => value === "on" || value === true, z.boolean()),
});
export type MakeLinksInput = z.output<typeof makeLinksInput>;
