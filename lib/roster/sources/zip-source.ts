import path from "node:path";
import type { Readable } from "node:stream";
import { crc32 } from "node:zlib";
import { openPromise, type Entry, type ZipFile } from "yauzl";
import { findRosterFolder } from "./find-roster-folder";
import { refused, refusedForSeveralFolders } from "../problems";
import type { RosterSource } from "./sources";

const MAX_ENTRIES = 1_000;
const MAX_TOTAL_BYTES = 1_000_000_000;
/** CSV packs 5 to 30 times; what packs better than this is made to hurt. Small files are exempt. */
const MAX_RATIO = 250;
const RATIO_FROM_BYTES = 10_000_000;

/**
 * Opens a ZIP for reading. Nothing is ever unpacked to disk: files are streamed by their last name, so a path in the
 * archive can lead nowhere; archives with absolute or `..` paths are refused all the same. yauzl checks while reading that
 * no entry is longer than it says, so the limits on the stated sizes hold for the real ones. It does not compare
 * checksums, so each entry is read through once before any row of it counts: a flipped bit in a name looks like a name.
 */
export async function openZip(target: string): Promise<RosterSource> {
  const zip = await openPromise(target, { autoClose: false, lazyEntries: true }).catch((error: unknown) => {
    throw refused(target, "zipUnreadable", { reason: reasonOf(error) });
  });
  try {
    if (zip.entryCount > MAX_ENTRIES) throw refused(target, "zipTooManyFiles", { limit: MAX_ENTRIES });
    const entries = await rosterEntries(target, zip);
    let total = 0;
    for (const [name, entry] of entries) {
      if (entry.isEncrypted()) throw refused(target, "zipEncrypted", { name });
      total += entry.uncompressedSize;
      const packed = Math.max(entry.compressedSize, 1);
      const bomb = entry.uncompressedSize > RATIO_FROM_BYTES && entry.uncompressedSize / packed > MAX_RATIO;
      if (bomb || total > MAX_TOTAL_BYTES) throw refused(target, "zipTooLarge", { name });
    }
    for (const [name, entry] of entries)
      if (!(await isIntact(zip, entry))) throw refused(target, "zipDamaged", { name });
    return {
      names: [...entries.keys()],
      async open(name): Promise<Readable> {
        const entry = entries.get(name);
        if (!entry) throw refused(target, "fileMissing");
        return zip.openReadStreamPromise(entry);
      },
      close: async () => zip.close(),
    };
  } catch (error) {
    zip.close();
    if (error instanceof Error && error.name === "RosterRefused") throw error;
    throw refused(target, "zipUnreadable", { reason: reasonOf(error) });
  }
}

/** The CSV files of the one folder of the archive that has some, by their names in it. */
async function rosterEntries(target: string, zip: ZipFile): Promise<Map<string, Entry>> {
  const folders = new Map<string, { entries: Map<string, Entry>; folders: Set<string> }>();
  const folderAt = (folder: string) => {
    const known = folders.get(folder);
    if (known) return known;
    const made = { entries: new Map<string, Entry>(), folders: new Set<string>() };
    folders.set(folder, made);
    if (folder !== "") folderAt(parentOf(folder)).folders.add(path.posix.basename(folder));
    return made;
  };
  for await (const entry of zip.eachEntry()) {
    const name = path.posix.basename(entry.fileName);
    if (entry.fileName.endsWith("/") || !/\.csv$/i.test(name)) continue;
    const { entries } = folderAt(parentOf(entry.fileName));
    if (entries.has(name)) throw refused(target, "zipSameName", { name });
    entries.set(name, entry);
  }
  const found = await findRosterFolder(async (folder) => {
    const { entries, folders: inside } = folderAt(folder);
    return { hasCsv: entries.size > 0, folders: [...inside] };
  });
  if (found && "several" in found) throw refusedForSeveralFolders(target, found.several);
  return found ? folderAt(found.folder).entries : new Map<string, Entry>();
}

function parentOf(name: string): string {
  const parent = path.posix.dirname(name);
  return parent === "." ? "" : parent;
}

async function isIntact(zip: ZipFile, entry: Entry): Promise<boolean> {
  let checksum = 0;
  try {
    for await (const chunk of await zip.openReadStreamPromise(entry)) checksum = crc32(chunk as Buffer, checksum);
  } catch {
    return false;
  }
  return checksum === entry.crc32;
}

// yauzl's sentences name offsets and entry names, no content.
function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : "unknown";
}
