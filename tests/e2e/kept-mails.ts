import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { ownProduct } from "@/tests/support/e2e-products";

/** The mails that the product kept for an address, the newest first. */
export function mailsTo(address: string): { subject: string; text: string }[] {
  const folder = path.join(ownProduct().dataDir, "outbox");
  const names = readdirSync(folder, { withFileTypes: true }).map(({ name }) => name);
  return names
    .filter((name) => name.endsWith(".json"))
    .toSorted()
    .toReversed()
    .map(
      (name) =>
        JSON.parse(readFileSync(path.join(folder, name), "utf8")) as { to: string; subject: string; text: string },
    )
    .filter(({ to }) => to === address);
}
