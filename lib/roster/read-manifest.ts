import { readTable } from "./read-table";
import type { Problems } from "./problems";
import type { RosterSource } from "./sources";

/** What manifest.csv says: the version, and for each file whether it is whole, a difference or not there. */
export type Manifest = {
  found: boolean;
  version: "1.1" | "1.2";
  modes: Map<string, "bulk" | "delta" | "absent">;
};

/** Reads manifest.csv. Without one the files that are there count, as OneRoster 1.1. */
export async function readManifest(source: RosterSource, problems: Problems): Promise<Manifest> {
  const manifest: Manifest = { found: false, version: "1.1", modes: new Map() };
  const file = "manifest.csv";
  const name = source.names.find((candidate) => candidate.toLowerCase() === file);
  if (!source.names.some((candidate) => /\.csv$/i.test(candidate))) {
    problems.error({ file, code: "noCsvFiles" });
    return manifest;
  }
  if (!name) {
    problems.warn({ file, code: "noManifest" });
    if (source.names.some((candidate) => candidate.toLowerCase() === "roles.csv")) manifest.version = "1.2";
    return manifest;
  }
  manifest.found = true;
  let version = "";
  await readTable(await source.open(name), { file, required: ["propertyName", "value"] }, problems, (cells) => {
    const property = cells.raw("propertyName").toLowerCase();
    const value = cells.raw("value").toLowerCase();
    if (property === "oneroster.version") {
      version = value;
      if (!/^(v?1p?\.?[12])(\.\d+)*$/.test(value)) cells.fail("value", "version");
      else manifest.version = /^v?1p?\.?2/.test(value) ? "1.2" : "1.1";
    } else if (property.startsWith("file.")) {
      if (value === "bulk" || value === "delta" || value === "absent") manifest.modes.set(property.slice(5), value);
      else cells.fail("value", "oneOf", { allowed: "bulk, delta, absent" });
    }
  });
  if (version === "" && problems.errorCount === 0) problems.warn({ file, code: "noVersion" });
  return manifest;
}
