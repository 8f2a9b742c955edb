// What a test file about mail has: a mail server of its own, to which the product mails while a test runs.
import { afterAll, afterEach, beforeAll, beforeEach, vi } from "vitest";
import { createMailDispatcher, type MailDispatcherOptions } from "@/lib/notification/channels/email/dispatcher";
import { smtpTransport } from "@/lib/notification/channels/email/transport";
import { db } from "@/lib/platform/db/client";
import { MailServer } from "./mail-server";
import { drain } from "./notification-scene";
import { forgetEnvironment } from "./singletons";

export const MAIL_FROM = "Test School <no-reply@campus.example>";

/** Hooks for the server, and how all that is due at a time is mailed to it. */
export function mailScene() {
  const server = new MailServer();
  beforeAll(() => server.start());
  afterAll(() => server.stop());
  beforeEach(() => {
    vi.stubEnv("SMTP_URL", server.url);
    forgetEnvironment();
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    forgetEnvironment();
  });
  return {
    server,
    async sendMails(how: Partial<MailDispatcherOptions> = {}): Promise<void> {
      const transport = smtpTransport(server.url, MAIL_FROM);
      const dispatcher = createMailDispatcher({ client: db(), transport, publicUrl: undefined, ...how });
      await drain(dispatcher);
      await dispatcher.stop();
      transport.close();
    },
  };
}
