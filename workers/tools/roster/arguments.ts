import { parseArgs } from "node:util";
import type { rosterText } from "@/lib/roster/run/report";
import { isTimeZone } from "@/lib/shared/time";

export type Arguments =
  | { command: "import"; target: string; dryRun: boolean; password: string | null; timeZone: string | null }
  | { command: "status"; id: string | null }
  | { command: "cancel"; id: string };

/** The command line makes no sense; the message is a sentence for its reader, or empty. */
export class WrongArguments extends Error {}

/** Reads the command line of `npm run roster`; throws {@link WrongArguments}. */
export function readArguments(argv: readonly string[], t: ReturnType<typeof rosterText>): Arguments {
  const { positionals, values } = parse(argv);
  const [command, target, ...more] = positionals;
  if (command !== "import" && Object.keys(values).length > 0)
    throw new WrongArguments(t("argument.unknown", { name: `--${Object.keys(values)[0] ?? ""}` }));
  switch (command) {
    case "import": {
      if (!target) throw new WrongArguments(t("argument.path"));
      if (more.length > 0) throw new WrongArguments(t("argument.several"));
      const { "initial-password": password, "time-zone": timeZone, "dry-run": dryRun = false } = values;
      if (password === "") throw new WrongArguments(t("argument.value", { name: "--initial-password" }));
      if (timeZone !== undefined && !isTimeZone(timeZone))
        throw new WrongArguments(t("argument.zone", { zone: timeZone }));
      return { command, target, dryRun, password: password ?? null, timeZone: timeZone ?? null };
    }
    case "status":
    case "cancel":
      if (more.length > 0) throw new WrongArguments(t("argument.oneImport"));
      if (command === "status") return { command, id: target ?? null };
      if (!target) throw new WrongArguments(t("argument.oneImport"));
      return { command, id: target };
    default:
      throw new WrongArguments(command ? t("argument.unknown", { name: command }) : "");
  }
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        "dry-run": { type: "boolean" },
        "initial-password": { type: "string" },
        "time-zone": { type: "string" },
      },
    });
  } catch (error) {
    throw new WrongArguments(error instanceof Error ? error.message : "");
  }
}
