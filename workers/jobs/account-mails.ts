import { ACCOUNT_NOTICE } from "@/lib/identity/credentials/notices";
import { sendAccountMail, type AccountMail } from "@/lib/notification/channels/email/account-mail";
import { mailTransport } from "@/lib/notification/channels/email/transport";
import type { Db } from "@/lib/platform/db/client";
import { task, type Task } from "@/lib/platform/jobs/kind";

/** Mails about people's own accounts. Where nothing is mailed they are done at once. */
export function accountMailTasks(client: Db): Task[] {
  return [task(ACCOUNT_NOTICE, (notice) => send(client, { ...notice, path: "/forgot" }))];
}

async function send(client: Db, mail: AccountMail): Promise<void> {
  const transport = mailTransport();
  if (!transport) return;
  try {
    await sendAccountMail(mail, transport, client);
  } finally {
    transport.close();
  }
}
