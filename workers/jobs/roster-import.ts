import { classMarks } from "@/lib/attendance/class-changes/was-held";
import { removeDevicesOfFormerPeople } from "@/lib/notification/former-people";
import type { Db } from "@/lib/platform/db/client";
import { task, type Task } from "@/lib/platform/jobs/kind";
import { env } from "@/lib/platform/runtime/env";
import { ROSTER_IMPORT } from "@/lib/roster/job/kind";
import { runImportJob } from "@/lib/roster/job/run-import-job";

/** Imports rosters, one after another. The same for the worker and for a command line that has none. */
export function rosterImportTask(client: Db): Task {
  const parts = { client, marks: classMarks, afterwards: removeDevicesOfFormerPeople };
  return task(ROSTER_IMPORT, (payload, context) =>
    runImportJob(payload, context, { ...parts, dataDir: env().CAMPUS_DATA_DIR }),
  );
}
