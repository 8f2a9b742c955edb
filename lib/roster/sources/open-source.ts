import { constants } from "node:fs";
import { open, readdir, realpath, stat } from "node:fs/promises";
import path from "node:path";
import type { Readable } from "node:stream";
import { findRosterFolder } from "./find-roster-folder";
import { refused, refusedForSeveralFolders } from "../problems";
import type { RosterSource } from "./sources";
import { openZip } from "./zip-source";

/**
 * Opens a folder or a ZIP file with OneRoster CSV files, also when they are in the only folder inside; refuses what is
 * neither, and what holds several folders with CSV files. A file that leads out of the folder is refused when it is opened.
 * Close it after use.
 */
export async function openSource(target: string): Promise<RosterSource> {
  const found = await stat(target).catch(() => null);
  if (!found) throw refused(target, "noSuchPath");
  if (found.isDirectory()) return folderSource(target);
  if (!found.isFile() || !(await looksLikeZip(target))) throw refused(target, "neitherFolderNorZip");
  return openZip(target);
}

// By its first bytes: exports are sent around under any name. An empty archive has only the end record.
async function looksLikeZip(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    return bytesRead === 4 && ["PK\x03\x04", "PK\x05\x06"].includes(buffer.toString("latin1"));
  } finally {
    await handle.close();
  }
}

async function folderSource(target: string): Promise<RosterSource> {
  const found = await findRosterFolder(async (name) => {
    const entries = await readdir(path.join(target, name), { withFileTypes: true });
    return {
      hasCsv: entries.some((entry) => !entry.isDirectory() && /\.csv$/i.test(entry.name)),
      folders: entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name),
    };
  });
  if (found && "several" in found) throw refusedForSeveralFolders(target, found.several);
  const folder = path.join(target, found?.folder ?? "");
  const names = (await readdir(folder, { withFileTypes: true }))
    .filter((entry) => !entry.isDirectory())
    .map((entry) => entry.name);
  return {
    names,
    open: (name) => openInside(target, path.join(folder, name)),
    close: async () => undefined,
  };
}

// A link may lead to another place in the folder, as where folders are mounted, and nowhere else; pipes and devices are no
// files, and opening one would wait.
async function openInside(target: string, file: string): Promise<Readable> {
  const [root, real] = await Promise.all([realpath(target), realpath(file)]);
  if (!real.startsWith(path.join(root, path.sep))) throw refused(file, "notInFolder");
  const handle = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  if ((await handle.stat()).isFile()) return handle.createReadStream({ highWaterMark: 256 * 1024 });
  await handle.close();
  throw refused(file, "notInFolder");
}
