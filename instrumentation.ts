import { checkConfiguration } from "@/lib/web/configuration";
import { seeToEveryAnswer } from "@/lib/web/every-answer";
import { markOutages } from "@/lib/web/outage";
import { logPageError, quietConsole } from "@/lib/web/page-errors";

/** Runs once when a web process starts, before it answers: a wrong setting ends the process with a sentence. */
export function register(): void {
  checkConfiguration();
  markOutages();
  seeToEveryAnswer();
  quietConsole();
}

/** What a page or a route threw and nobody caught. */
export const onRequestError = logPageError;
