import type { Db, Tx } from "@/lib/platform/db/client";

/**
 * What is known of marks by those who keep them. Their module lies above this one, so whoever calls a use-case that must
 * not touch marked classes hands this over. Each answer is a statement of its own: of rows that the caller has locked
 * before, it knows everything that was saved.
 */
export type ClassMarks = {
  /** Those of these class sessions that were held: the sheet is finished, or somebody has a mark. */
  heldAmong: (client: Db | Tx, classSessionIds: readonly string[]) => Promise<ReadonlySet<string>>;
  /** Those that anybody has ever saved anything for: they stay as they are, whatever a plan says. */
  savedAmong: (client: Db | Tx, classSessionIds: readonly string[]) => Promise<ReadonlySet<string>>;
};
