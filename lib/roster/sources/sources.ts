import { Readable } from "node:stream";

/** Where the files of a roster come from: names without folders, each readable once. */
export type RosterSource = {
  names: readonly string[];
  open(name: string): Promise<Readable>;
  close(): Promise<void>;
};

/** The name among these that means this file; case does not count. */
export function fileNamed(file: string, names: readonly string[]): string | undefined {
  return names.find((name) => name.toLowerCase() === file.toLowerCase());
}

/** A roster that exists only in memory, by file name. */
export function memorySource(files: Readonly<Record<string, string | Buffer>>): RosterSource {
  return {
    names: Object.keys(files),
    open: async (name) => Readable.from([Buffer.from(files[name] ?? "")]),
    close: async () => undefined,
  };
}
