import { Prisma, db, transaction, type Db, type Tx } from "@/lib/platform/db/client";
import { lockEntities } from "@/lib/platform/db/locks";
import type { Context } from "@/lib/shared/context";
import { AppError } from "@/lib/shared/errors";
import { newId } from "@/lib/shared/ids";
import { say } from "@/lib/shared/say";
import { takeTry } from "../limits/tries";
import { hashSecretToken, newSecretToken } from "../sessions/refresh-token";

const VALID_FOR_HOURS = 24;

/**
 * Makes a link token to set up a school, and ends the ones made before: only the newest counts. Null when the installation
 * has an administrator, or several schools, of which a link could not say which. Only its hash is stored; it is over after 24
 * hours by the database's clock.
 */
export function createSetupLink(client: Db = db()): Promise<string | null> {
  return transaction(async (tx) => {
    await lockSetup(tx);
    if (!(await isToBeSetUp(tx))) return null;
    const token = newSecretToken();
    await tx.$executeRaw`DELETE FROM setup_link`;
    await tx.$executeRaw`
      INSERT INTO setup_link (id, token_hash, created_at, expires_at)
      VALUES (${newId()}, ${hashSecretToken(token)}, statement_timestamp(),
              statement_timestamp() + ${VALID_FOR_HOURS}::int * interval '1 hour')`;
    return token;
  }, client);
}

/** The school as far as it is set up; null: not begun. */
export type SchoolSoFar = {
  id: string;
  name: string;
  timeZone: string;
  locale: string;
  passwordMinLength: number;
} | null;

/** What a set-up link leads to; null when it is unknown or over, or when there is an administrator by now. */
export async function findSetup(token: string, client: Db = db()): Promise<{ school: SchoolSoFar } | null> {
  const [found] = await client.$queryRaw<{ works: boolean }[]>`SELECT ${works(token)} AS works`;
  return found?.works === true ? { school: await schoolSoFar(client) } : null;
}

/** The same for a step: throws `not_found` for a link that leads nowhere, or `too_many_attempts` to who tries many of them. */
export async function openSetup(
  ctx: Omit<Context, "actor">,
  token: string,
  client: Db = db(),
): Promise<{ school: SchoolSoFar }> {
  const setup = await findSetup(token, client);
  if (setup) return setup;
  await takeTry("setUp", { address: ctx.address ?? null });
  throw new AppError("not_found", { detail: say("detail.linkOver") });
}

/**
 * Begins a step of the set-up in the caller's transaction: steps come one after another, also those of two browsers. Answers the
 * school so far. Throws `not_found` for a link that does not work any more.
 */
export async function beginSetupStep(tx: Tx, token: string): Promise<SchoolSoFar> {
  await lockSetup(tx);
  const [found] = await tx.$queryRaw<{ works: boolean }[]>`SELECT ${works(token)} AS works`;
  if (found?.works !== true) throw new AppError("not_found", { detail: say("detail.linkOver") });
  return schoolSoFar(tx);
}

/** Ends every set-up link, in the caller's transaction. */
export async function endSetupLinks(tx: Tx): Promise<void> {
  await tx.$executeRaw`DELETE FROM setup_link`;
}

const NOBODY = Prisma.sql`
  (SELECT count(*) <= 1 FROM school) AND NOT EXISTS (SELECT 1 FROM app_user WHERE active AND 'ADMIN' = ANY(roles))`;

const works = (token: string) => Prisma.sql`
  (${NOBODY} AND EXISTS (
    SELECT 1 FROM setup_link WHERE token_hash = ${hashSecretToken(token)} AND expires_at > statement_timestamp()))`;

async function isToBeSetUp(tx: Tx): Promise<boolean> {
  const [found] = await tx.$queryRaw<{ isOpen: boolean }[]>`SELECT ${NOBODY} AS "isOpen"`;
  return found?.isOpen === true;
}

async function schoolSoFar(client: Db | Tx): Promise<SchoolSoFar> {
  return client.school.findFirst({
    select: { id: true, name: true, timeZone: true, locale: true, passwordMinLength: true },
  });
}

const lockSetup = (tx: Tx) => lockEntities(tx, "school", ["setup"]);

/** Deletes set-up links whose time is over. Answers how many. */
export async function deleteOldSetupLinks(client: Db): Promise<number> {
  return client.$executeRaw`DELETE FROM setup_link WHERE expires_at < statement_timestamp()`;
}
