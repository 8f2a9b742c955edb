// Shows what the product writes into its log files, and keeps the files from growing for ever.
import fs from "node:fs";

const EVERY_MS = 150;
const LIMIT_BYTES = 50_000_000;

/**
 * Copies everything that is appended to `file` from now on to `write`; the answer stops it after a last look.
 * @param {string} file
 * @param {(chunk: Uint8Array) => unknown} [write]
 */
export function followLog(file, write = (chunk) => process.stdout.write(chunk)) {
  let position = fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  const look = () => {
    const size = fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    if (size < position) position = 0;
    if (size > position) {
      const descriptor = fs.openSync(file, "r");
      const chunk = Buffer.alloc(Math.min(size - position, 1_000_000));
      const read = fs.readSync(descriptor, chunk, 0, chunk.length, position);
      fs.closeSync(descriptor);
      position += read;
      write(chunk.subarray(0, read));
    }
    // The writers append, so the file can be emptied under them.
    if (position > LIMIT_BYTES && size === position) {
      fs.copyFileSync(file, `${file}.1`);
      fs.truncateSync(file, 0);
      position = 0;
    }
  };
  const timer = setInterval(look, EVERY_MS);
  return () => {
    clearInterval(timer);
    look();
  };
}
