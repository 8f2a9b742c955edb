import { deleteOldEmailChanges } from "@/lib/identity/account/email-changes";
import { deleteOldAttempts } from "@/lib/identity/limits/delete-old-attempts";
import { deleteUnconfirmed } from "@/lib/identity/factors/delete-unconfirmed";
import { deleteOldSecondSteps } from "@/lib/identity/factors/second-step";
import { deleteOldInvitations } from "@/lib/identity/invitations/delete-old-invitations";
import { deleteOldSetupLinks } from "@/lib/identity/setup/setup-link";
import { forgetEndedPeople } from "@/lib/identity/people/forget-people";
import { deleteSpentChallenges } from "@/lib/identity/passkeys/challenges";
import { deleteOldResets } from "@/lib/identity/resets/delete-old-resets";
import { deleteExpiredSessions, deleteExpiredTokens } from "@/lib/identity/sessions/delete-expired-sessions";
import { deleteOldDeliveries } from "@/lib/notification/deliveries/delete-old-deliveries";
import { deleteLostDevices, removeUnusedDevices } from "@/lib/notification/devices/delete-old-devices";
import { deleteInboxesOfForgotten, removeDevicesOfFormerPeople } from "@/lib/notification/former-people";
import { deleteOldTopics } from "@/lib/notification/inbox/delete-old-topics";
import { archiveOldAudit } from "@/lib/platform/db/audit-archive";
import type { Db } from "@/lib/platform/db/client";
import type { Removal } from "@/lib/platform/db/in-batches";
import { deleteOldDeadLetters } from "@/lib/platform/events/delivery/delete-dead-letters";
import {
  deleteOldAttempts as deleteOldEventAttempts,
  deleteOldInboxRows,
  deletePassedEvents,
} from "@/lib/platform/events/log/retention";
import { deleteOldKeys } from "@/lib/platform/idempotency/delete-old-keys";
import { deleteFailedJobs } from "@/lib/platform/jobs/waiting-jobs";
import { env } from "@/lib/platform/runtime/env";
import { deleteLeftPreviews, deleteOldImports, endLeftStoring } from "@/lib/roster/job/settle-imports";

/** What a rule works with in one round: besides its end, who has to have read the outbox log. */
export type RetentionRound = Removal & { readers: readonly string[] };

export type RetentionRule = {
  /** How long rows stay, or why for ever; docs/operations.md says the same. */
  kept: string;
  /**
   * Deletes in batches what is older and answers how many rows (people, for the table of people). Several workers may do it
   * at once. Absent: nobody deletes by age.
   */
  remove?: (client: Db, round: RetentionRound) => Promise<number>;
};

const SCHOOL_RECORD = "for ever: school record";
const PLAN = "for ever: the school's plan, which enrollments and marks name";
const ROSTER = "until the roster ends it";
const ROSTER_OR_PERSON = "until the roster ends it, or its person is forgotten";
const PERSON = "until its person is forgotten";

/**
 * What becomes of the rows of every table, in the order in which it is done (tokens before their sessions, people before
 * their inboxes). The modules own the deleting of their tables; this is the one list of it, and a table that is not in it
 * fails the tests. The schema of graphile-worker is one entry.
 */
export const RETENTION: Readonly<Record<string, RetentionRule>> = {
  outbox_event: { kept: "7 days, and until every reader has passed it", remove: deletePassedEvents },
  consumer_inbox: { kept: "28 days", remove: deleteOldInboxRows },
  consumer_attempt: { kept: "until its event is handled, 28 days at most", remove: deleteOldEventAttempts },
  dead_letter: { kept: "90 days from its replay; without one a year", remove: deleteOldDeadLetters },
  idempotency_key: { kept: "24 hours", remove: deleteOldKeys },
  graphile_worker: { kept: "until a job is done; one that failed for good 30 days", remove: deleteFailedJobs },
  refresh_token: { kept: "7 days from its expiry (21 days in all)", remove: deleteExpiredTokens },
  auth_session: { kept: "7 days from its expiry (37 days in all)", remove: deleteExpiredSessions },
  setup_link: { kept: "24 hours; until there is an administrator", remove: deleteOldSetupLinks },
  invitation: { kept: "30 days from its expiry, used or not (60 days in all)", remove: deleteOldInvitations },
  email_change: { kept: "30 days from its expiry, done or not", remove: deleteOldEmailChanges },
  password_reset: { kept: "30 days from its expiry, used or not", remove: deleteOldResets },
  credential_attempt: { kept: "24 hours", remove: deleteOldAttempts },
  second_step: { kept: "10 minutes, or until it is spent", remove: deleteOldSecondSteps },
  spent_challenge: { kept: "10 minutes", remove: deleteSpentChallenges },
  totp_factor: { kept: "until its person turns it off; one that was never confirmed a day", remove: deleteUnconfirmed },
  push_subscription: {
    kept: "18 months after it last opened a page or took a push; until its person is deleted",
    remove: async (client, round) =>
      (await removeDevicesOfFormerPeople(client)) + (await removeUnusedDevices(client, round)),
  },
  push_subscription_lost: { kept: "400 days; until its person is deleted", remove: deleteLostDevices },
  app_user: {
    kept: "for ever; the name of a deleted person as long as the school sets (`former_people_days`, 365)",
    remove: (client, { now, signal }) => forgetEndedPeople(client, now, signal),
  },
  notification: {
    kept: "13 months from the newest of its topic, read or not; until its person is forgotten",
    remove: async (client, round) =>
      (await deleteInboxesOfForgotten(client, round.signal)) + (await deleteOldTopics(client, round)),
  },
  notification_delivery: {
    kept: "90 days once it is settled, not longer than its notification",
    remove: deleteOldDeliveries,
  },
  audit_entry: {
    kept: "7 years (`CAMPUS_AUDIT_YEARS`), then in `CAMPUS_DATA_DIR/audit-archive`",
    remove: (client, round) => {
      const { CAMPUS_AUDIT_YEARS: years, CAMPUS_DATA_DIR: dataDir } = env();
      return archiveOldAudit(client, { ...round, years, dataDir });
    },
  },
  roster_import: { kept: "90 days from its end", remove: deleteOldImports },
  roster_import_chunk: {
    kept: "until its import has ended, of a preview in the browser a day; one that nobody stores further an hour",
    remove: async (client, round) => (await endLeftStoring(client, round)) + (await deleteLeftPreviews(client, round)),
  },
  // Deleted with their person, or by the roster; nothing here is old by itself.
  guardianship: { kept: ROSTER_OR_PERSON },
  user_role_source: { kept: ROSTER_OR_PERSON },
  sso_identity: { kept: PERSON },
  section_teacher: { kept: ROSTER },
  section_teacher_source: { kept: ROSTER },
  passkey: { kept: "until its person removes it, or is forgotten" },
  recovery_code: { kept: "until newer ones are made, or the last second factor is removed" },
  notification_preference: { kept: PERSON },
  notification_setting: { kept: PERSON },
  school: { kept: "for ever: everything belongs to one" },
  term: { kept: PLAN },
  course: { kept: PLAN },
  section: { kept: PLAN },
  section_further_term: { kept: PLAN },
  meeting: { kept: PLAN },
  class_session: { kept: PLAN },
  school_day_off: { kept: PLAN },
  enrollment: { kept: SCHOOL_RECORD },
  attendance_sheet: { kept: SCHOOL_RECORD },
  attendance_record: { kept: SCHOOL_RECORD },
  attendance_change: { kept: SCHOOL_RECORD },
  outbox_cursor: { kept: "for ever: one row a reader" },
  _prisma_migrations: { kept: "for ever: one row a migration" },
};
