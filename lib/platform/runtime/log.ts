import pino from "pino";
import { env } from "./env";
import { originalFrames } from "./original-frames";
import { singleton } from "./singleton";

/**
 * The structured log: one line an outcome, JSON on standard output, with `requestId` or `eventId` where there is one.
 * Ids only: no names, e-mails, notes, tokens, push addresses or bodies (the redaction below is the second wall).
 */
export function log(): pino.Logger {
  return singleton("log", () => makeLog(env().LOG_LEVEL));
}

/**
 * To be called before the first line of a command-line tool: its standard output is for people, so the log goes to standard
 * error, and at the level `info` only what is wrong does.
 */
export function logAsToolsDo(): void {
  const level = env().LOG_LEVEL;
  singleton("log", () => makeLog(level === "info" ? "warn" : level, pino.destination({ dest: 2, sync: true })));
}

function makeLog(level: string, destination?: pino.DestinationStream): pino.Logger {
  return pino(
    {
      level,
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: {
        paths: [
          "email",
          "password",
          "token",
          "refreshToken",
          "accessToken",
          "endpoint",
          "authorization",
          "cookie",
          "*.email",
          "*.password",
          "*.token",
          "*.endpoint",
        ],
        censor: "[redacted]",
      },
    },
    destination,
  );
}

/** What of an unknown error may be logged: its name, code and stack, not the values a driver puts into its message. */
export function errorForLog(error: unknown): { name: string; code?: string; stack?: string } {
  if (!(error instanceof Error)) return { name: typeof error };
  const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
  // The stack begins with the message, of which a line may look like a frame.
  const messageAt = error.message === "" ? -1 : (error.stack?.indexOf(error.message) ?? -1);
  const frames = error.stack
    ?.slice(messageAt < 0 ? 0 : messageAt + error.message.length)
    .split("\n")
    .filter((line) => line.trimStart().startsWith("at "))
    .slice(0, 8);
  const stack = frames && originalFrames(frames).join("\n");
  return { name: error.name, ...(code ? { code } : {}), ...(stack ? { stack } : {}) };
}
