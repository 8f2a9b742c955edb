import { markOutages } from "./lib/web/server/outage";
import { logPageError, quietConsole } from "./lib/web/server/page-errors";

/** Runs once when a web process starts, before it answers. */
export function register(): void {
  markOutages();
  quietConsole();
}

/** What a page or a route threw and nobody caught. */
export const onRequestError = logPageError;
