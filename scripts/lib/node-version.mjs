// The first import of every entry point: an old Node gets one sentence, before a module that it cannot run is evaluated.
import { assertNodeVersion } from "./runtime.mjs";

try {
  assertNodeVersion();
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
