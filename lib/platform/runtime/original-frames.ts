import fs from "node:fs";
import { findSourceMap, SourceMap } from "node:module";
import { fileURLToPath } from "node:url";

const FRAME = /((?:file:\/\/)?\/[^():]+):(\d+):(\d+)/;
/** Errors come again and again from the same places; a place is looked up once. */
const MAX_KEPT = 500;
const kept = new Map<string, string>();

/**
 * Frames of a stack with the places of the source instead of those of the compiled code. A map is read when a frame needs
 * it, and let go: Node itself reads and keeps the map of every file that it loads, which is half of the memory of a web
 * process. A process in which Node does that has the right places already, and gets its frames back as they are.
 */
export function originalFrames(frames: readonly string[]): string[] {
  if (process.sourceMapsEnabled) return [...frames];
  return frames.map((frame) => {
    const known = kept.get(frame);
    if (known !== undefined) return known;
    const found = originalFrame(frame);
    if (kept.size >= MAX_KEPT) kept.clear();
    kept.set(frame, found);
    return found;
  });
}

function originalFrame(frame: string): string {
  const [place, address = "", line, column] = FRAME.exec(frame) ?? [];
  if (place === undefined) return frame;
  try {
    const entry = mapOf(address)?.findEntry(Number(line) - 1, Number(column) - 1);
    if (!entry || !("originalSource" in entry)) return frame;
    return frame.replace(place, `${entry.originalSource}:${entry.originalLine + 1}:${entry.originalColumn + 1}`);
  } catch {
    return frame; // a map that is not there or cannot be read is no reason to lose the frame
  }
}

/** Of what the loader compiled Node has the map; of what was built it lies beside the file. */
function mapOf(address: string): SourceMap | undefined {
  const file = address.startsWith("file:") ? fileURLToPath(address) : address;
  const loaded = findSourceMap(file) ?? findSourceMap(address);
  if (loaded || !fs.existsSync(`${file}.map`)) return loaded;
  return new SourceMap(JSON.parse(fs.readFileSync(`${file}.map`, "utf8")));
}
