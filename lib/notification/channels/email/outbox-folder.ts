import fs from "node:fs/promises";
import path from "node:path";
import { z } from "zod";

/** The mail of an installation without a mail server: as a mail program reads it, and as the office's page shows it. */
export const keptMailSchema = z.object({
  id: z.string(),
  schoolId: z.string(),
  at: z.iso.datetime(),
  to: z.string(),
  subject: z.string(),
  text: z.string(),
});
export type KeptMail = z.output<typeof keptMailSchema>;

/** More than a demo makes in weeks; then the oldest go. */
const MOST_KEPT = 500;

/** Keeps a mail in `folder`, readable by the owner alone. */
export async function keepMail(folder: string, mail: KeptMail, eml: Buffer): Promise<void> {
  await fs.mkdir(folder, { recursive: true, mode: 0o700 });
  const name = path.join(folder, mail.id);
  await fs.writeFile(`${name}.eml`, eml, { mode: 0o600 });
  await fs.writeFile(`${name}.json`, JSON.stringify(mail), { mode: 0o600 });
  const old = (await namesIn(folder)).slice(MOST_KEPT);
  for (const each of old)
    for (const end of ["eml", "json"]) await fs.rm(path.join(folder, `${each}.${end}`), { force: true });
}

/** The newest mails of a school in `folder`; none when there is no such folder. */
export async function readKeptMail(folder: string, schoolId: string, limit: number): Promise<KeptMail[]> {
  const found: KeptMail[] = [];
  for (const name of await namesIn(folder)) {
    if (found.length >= limit) break;
    const mail = keptMailSchema.safeParse(await readJson(path.join(folder, `${name}.json`)));
    if (mail.success && mail.data.schoolId === schoolId) found.push(mail.data);
  }
  return found;
}

/** Ids begin with their time, so that their order is that of the mails; the newest first. */
async function namesIn(folder: string): Promise<string[]> {
  const names = await fs.readdir(folder).catch(() => []);
  return names
    .flatMap((name) => (name.endsWith(".json") ? [name.slice(0, -5)] : []))
    .toSorted()
    .toReversed();
}

/** What is being written, or was removed meanwhile, is null. */
async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await fs.readFile(file, "utf8")) as unknown;
  } catch {
    return null;
  }
}
