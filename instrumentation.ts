import { checkConfiguration } from "@/lib/web/configuration";

/** Runs once when a web process starts, before it answers: a wrong setting ends the process with a sentence. */
export function register(): void {
  checkConfiguration();
}
