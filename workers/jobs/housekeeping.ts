import { z } from "zod";
import { followCalendar } from "@/lib/enrollment/import/follow-calendar";
import type { Db } from "@/lib/platform/db/client";
import type { JobKind, Task } from "@/lib/platform/jobs/kind";
import { task } from "@/lib/platform/jobs/kind";
import { log } from "@/lib/platform/runtime/log";
import { RETENTION } from "./retention";
import { runRetention } from "./run-retention";

const nothing = z.object({});

/** Begins and ends enrollments on their days. */
export const FOLLOW_CALENDAR: JobKind<object> = { name: "follow-calendar", payload: nothing, maxAttempts: 3 };
/** One round of deleting what is old. */
export const DELETE_OLD_ROWS: JobKind<object> = { name: "delete-old-rows", payload: nothing, maxAttempts: 3 };

/** What is done again and again: the calendar every minute, deleting every ten. `readers` are those of the outbox log. */
export function housekeepingTasks(client: Db, readers: readonly string[]): Task[] {
  return [
    task(
      FOLLOW_CALENDAR,
      async (_, { signal }) => {
        const step = await followCalendar(client, new Date(), signal);
        if (step.begun + step.ended > 0) log().info(step, "enrollments begun and ended on their days");
      },
      { schedule: "* * * * *" },
    ),
    task(DELETE_OLD_ROWS, (_, context) => runRetention(client, RETENTION, { readers, ...context }), {
      schedule: "*/10 * * * *",
    }),
  ];
}
