// The PostgreSQL driver adapter as the schema engine needs it. @prisma/adapter-pg 7.10 is made for queries; three things
// are missing for migrations and are added here:
//  1. the catalog type "char" (oid 18) is unknown to it (prisma/orm#27403); the engine wants it as Character,
//  2. its executeScript cuts a script at every ";" (which breaks $$ bodies) and runs the pieces outside a transaction,
//  3. its shadow database stays behind, because it is dropped over a pool that still holds a connection to it.
import { PrismaPg } from "@prisma/adapter-pg";
import { ColumnTypeEnum } from "@prisma/driver-adapter-utils";
import pg from "pg";

/** @import { SqlQuery, SqlResultSet } from "@prisma/driver-adapter-utils" */

const CATALOG_CHAR_OID = 18;
const TEXT_OID = 25;

/**
 * What a connection keeps to itself and we have to reach; checked by the test of the Prisma CLI.
 * @typedef {object} Internals
 * @property {(statement: SqlQuery) => Promise<{ fields: { dataTypeID: number }[] }>} performIO
 * @property {(query: SqlQuery) => Promise<SqlResultSet>} queryRaw
 * @property {(error: unknown) => never} onError
 */

/**
 * Runs one statement on a connection of its own.
 * @param {string} url
 * @param {string} sql
 */
export async function runOnce(url, sql) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await client.query(sql);
  } finally {
    await client.end();
  }
}

/**
 * The same connection, as its own package sees it: what we need of it is private.
 * @param {object} connection
 */
const internalsOf = (connection) => /** @type {Internals} */ (connection);

/** @param {Internals} connection */
function readCatalogChars(connection) {
  const performIO = connection.performIO.bind(connection);
  const { queryRaw } = /** @type {Internals} */ (Object.getPrototypeOf(connection));
  connection.queryRaw = async (query) => {
    /** @type {number[]} */
    const columns = [];
    const relabelling = async (/** @type {SqlQuery} */ statement) => {
      const result = await performIO(statement);
      result.fields.forEach((field, index) => {
        if (field.dataTypeID !== CATALOG_CHAR_OID) return;
        columns.push(index);
        field.dataTypeID = TEXT_OID;
      });
      return result;
    };
    const answer = await queryRaw.call(Object.create(connection, { performIO: { value: relabelling } }), query);
    for (const index of columns) answer.columnTypes[index] = ColumnTypeEnum.Character;
    return answer;
  };
}

/** Makes migration-aware connections to `url`; shadow databases are dropped by {@link dropShadows}. */
export class MigrationAdapter extends PrismaPg {
  #url;
  /** @type {Map<string, () => Promise<void>>} */
  #shadows = new Map();

  /** @param {string} url */
  constructor(url) {
    super({ connectionString: url, max: 1 });
    this.#url = url;
  }

  /** @override */
  connect() {
    return this.#open(this.#url, async () => {});
  }

  /** @override */
  async connectToShadowDb() {
    const name = `prisma_shadow_${process.pid}_${Date.now().toString(36)}`;
    await runOnce(this.#url, `CREATE DATABASE "${name}"`);
    const url = new URL(this.#url);
    url.pathname = `/${name}`;
    const drop = async () => {
      if (this.#shadows.delete(name)) await runOnce(this.#url, `DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`);
    };
    this.#shadows.set(name, drop);
    return this.#open(url.href, drop);
  }

  /** The CLI ends the engine as soon as it has its answer, so this is called before answering. */
  async dropShadows() {
    for (const drop of [...this.#shadows.values()]) await drop();
  }

  /** @param {string} url @param {() => Promise<void>} afterDispose */
  async #open(url, afterDispose) {
    const pool = new pg.Pool({ connectionString: url, max: 1 });
    pool.on("error", () => {}); // the shadow database is dropped under its idle connection: that is the point
    const connection = await new PrismaPg(pool, { disposeExternalPool: true }).connect();
    const internals = internalsOf(connection);
    readCatalogChars(internals);
    connection.executeScript = async (script) => {
      try {
        await pool.query(script); // simple protocol: one implicit transaction for the whole script
      } catch (error) {
        internals.onError(error);
      }
    };
    const dispose = connection.dispose.bind(connection);
    connection.dispose = async () => {
      await dispose();
      await afterDispose();
    };
    return connection;
  }
}
