/** What is directly in a folder. */
export type FolderListing = { hasCsv: boolean; folders: readonly string[] };

/** Where the CSV files of a roster are: in one folder, in several that could all be meant, or nowhere. */
export type RosterFolder = { folder: string } | { several: string[] } | null;

/** Deeper is not looked: an archive of an archive's folder is common, a whole disk is a mistake. */
const MAX_DEPTH = 4;

/**
 * Finds the folder with the CSV files: `start` itself, or what it holds as its only folder of that kind, as when somebody
 * gives the folder around the export. `list` answers for a path (`""` is the start, others are joined by `/`).
 */
export async function findRosterFolder(list: (folder: string) => Promise<FolderListing>): Promise<RosterFolder> {
  let level = [""];
  for (let depth = 0; depth <= MAX_DEPTH && level.length > 0; depth += 1) {
    const listed = await Promise.all(level.map(async (folder) => ({ folder, ...(await list(folder)) })));
    const [found, ...others] = listed.filter(({ hasCsv }) => hasCsv).map(({ folder }) => folder);
    if (found !== undefined) return others.length > 0 ? { several: [found, ...others] } : { folder: found };
    level = listed.flatMap(({ folder, folders }) => folders.filter(isOrdinary).map((name) => joined(folder, name)));
    // Many folders and no table in any: this is no export.
    if (level.length > 50) return null;
  }
  return null;
}

// What systems leave beside the files that people pack.
function isOrdinary(name: string): boolean {
  return !name.startsWith(".") && !name.startsWith("__");
}

function joined(folder: string, name: string): string {
  return folder === "" ? name : `${folder}/${name}`;
}
