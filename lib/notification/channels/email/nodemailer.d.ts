/** What we use of nodemailer, whose published types bring a cloud provider's whole library along. */
declare module "nodemailer" {
  export type Mail = {
    from: string;
    to: { name: string; address: string };
    subject: string;
    text: string;
    html: string;
    messageId: string;
    headers: Record<string, string>;
  };
  export type Transporter = {
    sendMail(mail: Mail): Promise<{ message?: Buffer; response?: string }>;
    close(): void;
  };
  export function createTransport(options: string | Record<string, unknown>): Transporter;
}
