// The first import of every entry point: an old Node gets one sentence, before a module that it cannot run is evaluated.
import { messageOf } from "./errors.mjs";
import { assertNodeVersion } from "./runtime.mjs";

try {
  assertNodeVersion();
} catch (error) {
  console.error(messageOf(error));
  process.exit(1);
}
