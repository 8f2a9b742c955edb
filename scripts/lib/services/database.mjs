// The database of a start: the embedded cluster in the data folder, or the one that DATABASE_URL names. Needs `pg`, so it
// is loaded after the packages are installed.
import path from "node:path";
import pg from "pg";
import { assertMigrated, ensureDatabase, migrate } from "../migrate.mjs";
import { codeOf, messageOf } from "../errors.mjs";
import { startPostgres } from "./postgres.mjs";
import { sleep } from "../processes.mjs";
import { restartDelayMs } from "../product/supervisor.mjs";

const WAIT_MS = 30_000;
const OLDEST_MAJOR = 15;

/**
 * Starts the embedded cluster below `dataDir` and keeps it up: when it dies it is started again on the same port.
 * Answer: `{url, stop()}`; `onDeath` is told of every unexpected end.
 * @param {{ dataDir: string, diesWithParent?: boolean, onDeath?: (how: string) => void }} options
 */
export async function embeddedDatabase({ dataDir, diesWithParent = true, onDeath = () => {} }) {
  const options = {
    dataDir: path.join(dataDir, "postgres"),
    logFile: path.join(dataDir, "logs/postgres.log"),
    diesWithParent,
  };
  let server = await startPostgres(options);
  let stopping = false;
  const watch = async () => {
    for (let failures = 0; ;) {
      const how = await server.exited;
      if (stopping) return;
      failures += 1;
      onDeath(how);
      await sleep(restartDelayMs(failures));
      if (stopping) return;
      try {
        const again = await startPostgres({ ...options, port: server.port });
        if (again.port !== server.port) {
          await again.stop(); // everybody was told the old address
          throw new Error(`port ${server.port} is taken`);
        }
        server = again;
        failures = 0;
      } catch (error) {
        onDeath(messageOf(error));
      }
    }
  };
  void watch();
  const url = server.url("campus");
  await ensureDatabase(url);
  return {
    url,
    async stop() {
      stopping = true;
      await server.stop();
    },
  };
}

/**
 * Waits for the database of DATABASE_URL, refuses one that is too old, and makes it when only the server exists (unless
 * `mayMake` is false).
 * @param {string} url
 * @param {{ waitMs?: number, mayMake?: boolean }} [options]
 */
export async function externalDatabase(url, { waitMs = WAIT_MS, mayMake = true } = {}) {
  const end = Date.now() + waitMs;
  for (;;) {
    try {
      const version = await serverVersion(url);
      if (version < OLDEST_MAJOR * 10_000) {
        throw new Error(
          `DATABASE_URL is PostgreSQL ${Math.floor(version / 10_000)}; CampusOS needs ${OLDEST_MAJOR} or newer.`,
        );
      }
      return;
    } catch (error) {
      const code = codeOf(error) ?? "";
      const message = messageOf(error);
      if (code === "3D000" && mayMake) {
        await makeMissingDatabase(url);
        continue;
      }
      const worthWaiting = ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "ETIMEDOUT", "57P03"].includes(code);
      if (worthWaiting && Date.now() < end) {
        await sleep(500);
        continue;
      }
      if (/^DATABASE_URL is/.test(message)) throw error;
      throw new Error(`The database of DATABASE_URL does not accept us: ${message || code}`);
    }
  }
}

/** @param {string} url */
async function makeMissingDatabase(url) {
  try {
    await ensureDatabase(url);
  } catch (error) {
    const name = decodeURIComponent(new URL(url).pathname.slice(1));
    throw new Error(
      `The database ${name} of DATABASE_URL does not exist and we could not make it: ${messageOf(error)}`,
    );
  }
}

/** @param {string} url */
async function serverVersion(url) {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on("error", () => {});
  await client.connect();
  try {
    /** @type {pg.QueryResult<{ server_version_num: string }>} */
    const { rows } = await client.query("SHOW server_version_num");
    return Number(rows[0]?.server_version_num);
  } finally {
    await client.end();
  }
}

/**
 * Those of the e-mail addresses that people in the database have, in lower case.
 * @param {string} url
 * @param {string[]} emails
 * @returns {Promise<Set<string>>}
 */
export async function existingEmails(url, emails) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const wanted = emails.map((email) => email.toLowerCase());
    /** @type {pg.QueryResult<{ email: string }>} */
    const { rows } = await client.query("SELECT lower(email) AS email FROM app_user WHERE lower(email) = ANY($1)", [
      wanted,
    ]);
    return new Set(rows.map(({ email }) => email));
  } finally {
    await client.end();
  }
}

/**
 * Whether nobody administers this installation yet, and it has no school or one.
 * @param {string} url
 */
export async function isToBeSetUp(url) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    /** @type {pg.QueryResult<{ isOpen: boolean }>} */
    const { rows } = await client.query(
      `SELECT (SELECT count(*) <= 1 FROM school)
          AND NOT EXISTS (SELECT 1 FROM app_user WHERE active AND 'ADMIN' = ANY(roles)) AS "isOpen"`,
    );
    return rows[0]?.isOpen === true;
  } finally {
    await client.end();
  }
}

export { assertMigrated, migrate };
