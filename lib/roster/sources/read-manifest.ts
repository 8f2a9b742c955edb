import { readTable } from "./read-table";
import type { Problems } from "../problems";
import { fileNamed, type RosterSource } from "./sources";

export const MANIFEST = "manifest.csv";

/** What manifest.csv says: the version, and for each file whether it is whole, a difference or not there. */
export type Manifest = {
  found: boolean;
  version: "1.1" | "1.2";
  modes: Map<string, "bulk" | "delta" | "absent">;
};

/**
 * Reads manifest.csv. Without one the files that are there count, as OneRoster 1.1. `isRead` says whether a file, named
 * as in the manifest and in lower case, is read in a version.
 */
export async function readManifest(
  source: RosterSource,
  problems: Problems,
  isRead: (name: string, version: Manifest["version"]) => boolean,
): Promise<Manifest> {
  const manifest: Manifest = { found: false, version: "1.1", modes: new Map() };
  const file = MANIFEST;
  const name = fileNamed(file, source.names);
  if (!name) {
    problems.warn({ file, code: "noManifest" });
    if (fileNamed("roles.csv", source.names)) manifest.version = "1.2";
    return manifest;
  }
  manifest.found = true;
  let version = "";
  const unclear: (() => void)[] = [];
  await readTable(await source.open(name), { file, required: ["propertyName", "value"] }, problems, (cells) => {
    const property = cells.raw("propertyName").toLowerCase();
    const value = cells.raw("value").toLowerCase();
    if (property === "oneroster.version") {
      version = value;
      if (!/^(v?1p?\.?[12])(\.\d+)*$/.test(value)) cells.fail("value", "version");
      else manifest.version = /^v?1p?\.?2/.test(value) ? "1.2" : "1.1";
    } else if (property.startsWith("file.")) {
      const name = property.slice(5);
      if (value === "bulk" || value === "delta" || value === "absent") manifest.modes.set(name, value);
      // The version, which may come later, says whether the file is read at all; what is not read is not judged.
      else
        unclear.push(() => {
          if (isRead(name, manifest.version)) cells.fail("value", "oneOf", { allowed: "bulk, delta, absent" });
        });
    }
  });
  for (const judge of unclear) judge();
  if (version === "" && problems.errorCount === 0) problems.warn({ file, code: "noVersion" });
  return manifest;
}
