/** What the tests use of smtp-server, whose published types bring a cloud provider's whole library along. */
declare module "smtp-server" {
  import type { AddressInfo, Server } from "node:net";

  type Answer = (error?: Error | null) => void;
  export type Session = { envelope: { mailFrom: { address: string }; rcptTo: { address: string }[] } };
  export class SMTPServer {
    server: Omit<Server, "address"> & { address(): AddressInfo };
    constructor(options: {
      authOptional: boolean;
      disabledCommands: string[];
      disableReverseLookup: boolean;
      onRcptTo(address: { address: string }, session: Session, answer: Answer): void;
      onData(stream: NodeJS.ReadableStream, session: Session, answer: Answer): void;
    });
    listen(port: number, host: string, listening: () => void): void;
    close(closed: () => void): void;
  }
}
