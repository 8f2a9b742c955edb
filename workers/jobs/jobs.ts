import type { Db } from "@/lib/platform/db/client";
import { recordOutboxAge } from "@/lib/platform/events/log/outbox-age";
import type { LockSession } from "@/lib/platform/events/lock-session";
import { addJob, hasJob } from "@/lib/platform/jobs/add-job";
import { runJobs } from "@/lib/platform/jobs/run-jobs";
import type { RoleContext } from "@/lib/platform/runtime/lifecycle";
import { settleLostImports } from "@/lib/roster/job/settle-imports";
import { accountMailTasks } from "./account-mails";
import { DELETE_OLD_ROWS, FOLLOW_CALENDAR, housekeepingTasks } from "./housekeeping";
import { rosterImportTask } from "./roster-import";

type Parts = { client: Db; session: LockSession; connectionString: string; readers: readonly string[] };

/**
 * The role `jobs`: every task of the product (a new one is named here), and measuring how far readers are behind. What is
 * scheduled runs once at the start too, so that a product that is up for minutes only is tidied as well.
 */
export async function runJobsRole({ readers, ...parts }: Parts, context: RoleContext): Promise<void> {
  const { client } = parts;
  let isFirst = true;
  const eachRound = async () => {
    if (isFirst)
      for (const kind of [FOLLOW_CALENDAR, DELETE_OLD_ROWS])
        if (!(await hasJob(client, kind))) await addJob(client, kind, {}, { queue: kind.name });
    isFirst = false;
    await settleLostImports(client);
    await recordOutboxAge(client, readers);
  };
  const tasks = [...housekeepingTasks(client, readers), rosterImportTask(client), ...accountMailTasks(client)];
  await runJobs({ ...parts, tasks, eachRound }, context);
}
