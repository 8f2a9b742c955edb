// Programs that npm cannot bring: found on the machine, installed with apt where that is allowed, else named in a sentence.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import { commandExists } from "../processes.mjs";

/** @typedef {{ label: string, packages: string[], isPresent: () => boolean }} Program */
/** @typedef {"redis" | "java" | "maven" | "chromium" | "firefox" | "nginx"} ProgramName */

/**
 * What can be asked for: the check that finds it and the Debian packages that bring it.
 * @type {Record<ProgramName, Program>}
 */
export const PROGRAMS = {
  redis: { label: "redis-server", packages: ["redis-server"], isPresent: () => commandExists("redis-server") },
  java: { label: "Java 17 or newer", packages: ["default-jre-headless"], isPresent: () => javaMajor() >= 17 },
  maven: { label: "Maven", packages: ["maven"], isPresent: () => commandExists("mvn") },
  chromium: { label: "Chromium", packages: ["chromium", "fonts-liberation"], isPresent: () => Boolean(chromiumPath()) },
  firefox: {
    label: "Firefox",
    packages: ["firefox-esr"],
    isPresent: () => commandExists("firefox-esr") || commandExists("firefox"),
  },
  nginx: { label: "nginx", packages: ["nginx-light"], isPresent: () => fs.existsSync("/usr/sbin/nginx") },
};

/** The Chromium that browser tests use; undefined when there is none. */
export function chromiumPath() {
  const candidates = [
    process.env.CHROMIUM_PATH,
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
  ];
  return candidates.find((file) => file && fs.existsSync(file));
}

/** What tests are quicker with, where the system has it. */
const QUICKER = { file: "/usr/bin/chromium-headless-shell", package: "chromium-headless-shell" };

/**
 * Installs what tests do without but are quicker with, on the same conditions as {@link ensurePrograms}, and only when
 * nothing that is installed would change by it. Never throws: without it everything works as well.
 * @param {{ log?: (text: string) => void }} [options]
 */
export function preferPrograms({ log = console.error } = {}) {
  if (fs.existsSync(QUICKER.file) || !mayInstall()) return;
  const flags = ["install", "-y", "-qq", "--no-install-recommends", QUICKER.package];
  const plan = apt("-s", ...flags.filter((flag) => flag !== "-qq")).stdout ?? "";
  if (!/^0 upgraded, .* 0 to remove /m.test(plan)) return;
  log(`installing ${QUICKER.package} with apt-get: tests are quicker with it (CAMPUS_INSTALL_PROGRAMS=0 forbids it)`);
  apt(...flags);
}

/** @param {string[]} args */
function apt(...args) {
  return spawnSync("apt-get", args, { encoding: "utf8", env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } });
}

/** Root on a system with apt, who has not been told to leave it. */
function mayInstall() {
  return process.env.CAMPUS_INSTALL_PROGRAMS !== "0" && process.getuid?.() === 0 && commandExists("apt-get");
}

function javaMajor() {
  const said = spawnSync("java", ["-version"], { encoding: "utf8" });
  return Number(/version "(\d+)/.exec(`${said.stderr}${said.stdout}`)?.[1] ?? 0);
}

/**
 * The sentence for a machine where something is missing and we may not install it.
 * @param {Program[]} missing
 */
export function missingSentence(missing) {
  const labels = missing.map((program) => program.label).join(", ");
  const packages = missing.flatMap((program) => program.packages).join(" ");
  return `Missing: ${labels}. Install it with: sudo apt-get install -y --no-install-recommends ${packages}`;
}

/**
 * Makes sure that the named programs are there. Says what is missing, and installs it when we are root on a system with apt
 * and CAMPUS_INSTALL_PROGRAMS is not 0; throws one sentence with the command otherwise.
 * @param {ProgramName[]} names
 * @param {{ log?: (text: string) => void }} [options]
 */
export function ensurePrograms(names, { log = console.error } = {}) {
  const missing = names.map((name) => PROGRAMS[name]).filter((program) => !program.isPresent());
  if (missing.length === 0) return;
  if (!mayInstall()) throw new Error(missingSentence(missing));
  const packages = missing.flatMap((program) => program.packages);
  log(`installing ${packages.join(", ")} with apt-get (CAMPUS_INSTALL_PROGRAMS=0 forbids it)`);
  // Package installation starts daemons (redis-server on 6379) unless a policy forbids it; ours run on their own ports.
  const install = () => apt("install", "-y", "-qq", "--no-install-recommends", ...packages);
  let result = install();
  if (result.status !== 0) {
    apt("update", "-qq");
    result = install();
  }
  const still = missing.filter((program) => !program.isPresent());
  if (result.status !== 0 || still.length > 0) {
    throw new Error(
      `${missingSentence(still.length ? still : missing)}\napt-get said: ${(result.stderr ?? "").trim().split("\n").slice(-5).join("\n")}`,
    );
  }
}
