import { parseArgs } from "node:util";
import { classMarks } from "@/lib/attendance/class-changes/was-held";
import { hashPassword } from "@/lib/identity/credentials/passwords";
import { removeDevicesOfFormerPeople } from "@/lib/notification/former-people";
import { createDb, isDatabaseDown, Prisma } from "@/lib/platform/db/client";
import { env } from "@/lib/platform/runtime/env";
import { errorForLog } from "@/lib/platform/runtime/log";
import { importRoster } from "@/lib/roster/run/import-roster";
import { writeInvitationLinks, type InvitationFile } from "@/lib/roster/run/invitation-links";
import { openSource } from "@/lib/roster/sources/open-source";
import { RosterRefused } from "@/lib/roster/problems";
import { formatRefusal, formatReport, rosterText } from "@/lib/roster/run/report";
import { newId } from "@/lib/shared/ids";
import { isTimeZone } from "@/lib/shared/time";
import { localeFrom } from "@/messages/locale";

/** 0: imported (or would be). 1: the roster was refused. 2: wrong arguments. 3: something of ours failed. */
type ExitCode = 0 | 1 | 2 | 3;
type Arguments = { target: string; dryRun: boolean; password: string | null; timeZone: string | null };

const SHORT_PASSWORD = 12;

/** Who reads it sits at this terminal: POSIX says in which order its language is looked for (`cs_CZ.UTF-8`). */
const { LC_ALL, LC_MESSAGES, LANG } = process.env;
const locale = localeFrom((LC_ALL || LC_MESSAGES || LANG)?.split(/[.@]/, 1)[0]?.replaceAll("_", "-"));
const t = rosterText(locale);

class WrongArguments extends Error {}

/** Reads the command line of `npm run roster -- import …`; throws one sentence when it makes no sense. */
function readArguments(argv: readonly string[]): Arguments {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        "dry-run": { type: "boolean", default: false },
        "initial-password": { type: "string" },
        "time-zone": { type: "string" },
      },
    });
  } catch (error) {
    throw new WrongArguments(error instanceof Error ? error.message : "");
  }
  const [command, target, ...more] = parsed.positionals;
  if (command !== "import") throw new WrongArguments(command ? t("argument.unknown", { name: command }) : "");
  if (!target) throw new WrongArguments(t("argument.path"));
  if (more.length > 0) throw new WrongArguments(t("argument.several"));
  const { "initial-password": password, "time-zone": timeZone, "dry-run": dryRun } = parsed.values;
  if (password === "") throw new WrongArguments(t("argument.value", { name: "--initial-password" }));
  if (timeZone !== undefined && !isTimeZone(timeZone)) throw new WrongArguments(t("argument.zone", { zone: timeZone }));
  return { target, dryRun, password: password ?? null, timeZone: timeZone ?? null };
}

async function run({ target, dryRun, password, timeZone }: Arguments): Promise<ExitCode> {
  const { DATABASE_URL, CAMPUS_DATA_DIR, PUBLIC_URL, PORT } = env();
  if (!DATABASE_URL) throw new Error("DATABASE_URL is not set; `npm run roster` sets it.");
  if (password !== null && password.length < SHORT_PASSWORD) console.error(t("argument.shortPassword"));
  const now = new Date();
  const client = createDb(DATABASE_URL, 2);
  let links: InvitationFile | null = null;
  try {
    const source = await openSource(target);
    try {
      const report = await importRoster(
        source,
        {
          now,
          requestId: newId(now.getTime()),
          marks: classMarks,
          dryRun,
          timeZone,
          sharedPasswordHash: password === null ? null : await hashPassword(password),
          afterwards: async (tx, { school, withoutPassword: userIds }) => {
            await removeDevicesOfFormerPeople(tx);
            if (password !== null) return;
            const publicUrl = PUBLIC_URL ?? `http://localhost:${PORT}`;
            links = await writeInvitationLinks(tx, {
              schoolId: school.id,
              userIds,
              dataDir: CAMPUS_DATA_DIR,
              publicUrl,
              now,
            });
          },
        },
        client,
      );
      console.log(formatReport(report, locale));
      if (links) console.log(`\n${invitationText(links)}`);
      return 0;
    } finally {
      await source.close();
    }
  } catch (error) {
    await removeLinks(links);
    if (error instanceof RosterRefused) {
      console.error(formatRefusal(error, locale));
      return 1;
    }
    // The driver's own sentence may hold values of rows; its name and code say enough.
    const { name, code, stack } = errorForLog(error);
    const reason = `${name}${code ? ` ${code}` : ""}`;
    if (isNotMigrated(error)) console.error(t("report.notMigrated", { reason }));
    else console.error(isDatabaseDown(error) ? t("report.busy", { reason }) : `${reason}\n${stack ?? ""}`);
    return 3;
  } finally {
    await client.$disconnect();
  }
}

// P2021: no such table; P2022: no such column. A raw statement says the same with PostgreSQL's own codes.
function isNotMigrated(error: unknown): boolean {
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return false;
  return error.code === "P2021" || error.code === "P2022" || /"(42P01|42703)"/.test(JSON.stringify(error.meta ?? {}));
}

function invitationText({ count, file, origin }: InvitationFile): string {
  return t("report.invitations", { count, file, origin });
}

async function removeLinks(links: InvitationFile | null): Promise<void> {
  await links?.remove();
}

try {
  process.exitCode = await run(readArguments(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof WrongArguments)) throw error;
  console.error([error.message, t("usage")].filter((line) => line !== "").join("\n"));
  process.exitCode = 2;
}
