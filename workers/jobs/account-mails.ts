import { EMAIL_CHANGE_HOURS, EMAIL_CHANGE_MAIL, EMAIL_CHANGED_NOTICE } from "@/lib/identity/account/change-email";
import { createEmailConfirmation, replacedEmail } from "@/lib/identity/account/email-changes";
import { ACCOUNT_NOTICE } from "@/lib/identity/credentials/notices";
import { createMailedInvitation, INVITATION_MAIL } from "@/lib/identity/invitations/invitation-mail";
import { createPasswordReset, RESET_MINUTES } from "@/lib/identity/resets/password-resets";
import { RESET_MAIL } from "@/lib/identity/resets/request-reset";
import { accountMailUrl, sendAccountMail } from "@/lib/notification/channels/email/account-mail";
import { type MailTransport, mailTransport } from "@/lib/notification/channels/email/transport";
import type { Db } from "@/lib/platform/db/client";
import { task, type Task } from "@/lib/platform/jobs/kind";

/**
 * Mails about people's own accounts; where nothing is mailed there is nothing to do. A link for a password is made anew each
 * time its mail is tried, and the one before ends: so the newest mail is the one whose link works.
 */
export function accountMailTasks(client: Db): Task[] {
  return [
    task(ACCOUNT_NOTICE, (notice) =>
      withTransport((transport) => sendAccountMail({ ...notice, path: "/forgot" }, transport, client)),
    ),
    task(INVITATION_MAIL, ({ id, userId }) =>
      withTransport(async (transport) => {
        if (accountMailUrl() === null) return;
        const made = await createMailedInvitation(userId, client);
        if (!made) return;
        const { token, days } = made;
        const mail = { id, userId, what: "invitation", path: `/invite/${token}`, values: { days } } as const;
        await sendAccountMail(mail, transport, client);
      }),
    ),
    task(EMAIL_CHANGE_MAIL, (change) =>
      withTransport(async (transport) => {
        if (accountMailUrl() === null) return;
        const made = await createEmailConfirmation(change, client);
        if (!made) return;
        const { userId, email: to, token } = made;
        const values = { hours: EMAIL_CHANGE_HOURS };
        const mail = {
          id: change.changeId,
          userId,
          what: "newEmail",
          path: `/confirm-email/${token}`,
          values,
          to,
        } as const;
        await sendAccountMail(mail, transport, client);
      }),
    ),
    task(EMAIL_CHANGED_NOTICE, (change) =>
      withTransport(async (transport) => {
        const replaced = await replacedEmail(change, client);
        if (!replaced) return;
        const { userId, email: to } = replaced;
        const mail = { id: `${change.changeId}-notice`, userId, what: "emailChanged", path: "/login", to } as const;
        await sendAccountMail(mail, transport, client);
      }),
    ),
    task(RESET_MAIL, (asked) =>
      withTransport(async (transport) => {
        if (accountMailUrl() === null) return;
        const reset = await createPasswordReset(asked, new Date(), client);
        if (!reset) return;
        const { id, userId, token } = reset;
        const values = { minutes: RESET_MINUTES };
        await sendAccountMail({ id, userId, what: "reset", path: `/reset/${token}`, values }, transport, client);
      }),
    ),
  ];
}

async function withTransport(work: (transport: MailTransport) => Promise<void>): Promise<void> {
  const transport = mailTransport();
  if (!transport) return;
  try {
    await work(transport);
  } finally {
    transport.close();
  }
}
