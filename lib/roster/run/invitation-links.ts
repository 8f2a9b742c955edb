import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { createInvitations } from "@/lib/identity/invitations/invitations";
import { withoutLiveInvitation } from "@/lib/identity/import/import-invitations";
import type { Tx } from "@/lib/platform/db/client";
import { csvOf } from "./write-csv";

/** A file with one invitation link a person, for their eyes only. */
export type InvitationFile = { file: string; count: number; origin: string; remove(): Promise<void> };

/** Which run of an import it is: a run that takes another one over must not meet its file. */
type Run = { importId: string; attempt: number; createdAt: Date };

/**
 * Invites everybody of these people of the school who has neither a password nor an invitation that still works, and writes the links to a file that
 * only its owner can read. The file is written before the transaction commits, because the links can never be shown
 * again; remove it when the commit fails. Null when there is nobody to invite.
 */
export async function writeInvitationLinks(
  tx: Tx,
  input: { schoolId: string; userIds: readonly string[]; dataDir: string; publicUrl: string; run: Run },
): Promise<InvitationFile | null> {
  const people = await withoutLiveInvitation(tx, input.schoolId, input.userIds);
  if (people.length === 0) return null;
  const invitations = await createInvitations(
    tx,
    people.map((person) => person.id),
  );
  const tokens = new Map(invitations.map(({ userId, token }) => [userId, token]));
  const folder = folderOf(input.dataDir);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = path.join(folder, `${beginningOf(input.run)}${input.run.attempt}.csv`);
  const rows = people.map(({ id, sourcedId, email }) => [
    sourcedId ?? "",
    email,
    new URL(`/invite/${tokens.get(id) ?? ""}`, input.publicUrl).href,
  ]);
  await writeFile(file, csvOf([["sourcedId", "email", "link"], ...rows]), { mode: 0o600, flag: "wx" });
  return {
    file,
    count: people.length,
    origin: new URL(input.publicUrl).origin,
    remove: () => rm(file, { force: true }),
  };
}

/** Removes what earlier runs of an import wrote before they died: their links lead nowhere. To be called when a later run has ended well. */
export async function removeEarlierLinks(dataDir: string, run: Run): Promise<void> {
  const folder = folderOf(dataDir);
  const names = await readdir(folder).catch(() => []);
  const begin = beginningOf(run);
  const earlier = names.filter(
    (name) => name.startsWith(begin) && Number.parseInt(name.slice(begin.length), 10) < run.attempt,
  );
  await Promise.all(earlier.map((name) => rm(path.join(folder, name), { force: true })));
}

const folderOf = (dataDir: string) => path.join(dataDir, "invitations");

const beginningOf = ({ importId, createdAt }: Run) => `${createdAt.toISOString().replaceAll(":", "-")}-${importId}-`;
