import { z } from "zod";
import type { JobKind } from "@/lib/platform/jobs/kind";

/** One import; its row says of what and how. */
export const ROSTER_IMPORT: JobKind<{ importId: string }> = {
  name: "roster-import",
  payload: z.object({ importId: z.string() }),
  maxAttempts: 3,
};

/** Imports run one after another, over all processes. */
export const QUEUE = "roster-import";
