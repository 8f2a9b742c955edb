// The PostgreSQL driver adapter as the schema engine needs it. @prisma/adapter-pg 7.10 is made for queries; three things
// are missing for migrations and are added here:
//  1. the catalog type "char" (oid 18) is unknown to it (prisma/orm#27403); the engine wants it as Character,
//  2. its executeScript cuts a script at every ";" (which breaks $$ bodies) and runs the pieces outside a transaction,
//  3. its shadow database stays behind, because it is dropped over a pool that still holds a connection to it.
import { PrismaPg } from "@prisma/adapter-pg";
import { ColumnTypeEnum } from "@prisma/driver-adapter-utils";
import pg from "pg";

const CATALOG_CHAR_OID = 18;
const TEXT_OID = 25;

/** Runs one statement on a connection of its own. */
export async function runOnce(url, sql) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await client.query(sql);
  } finally {
    await client.end();
  }
}

function readCatalogChars(connection) {
  const performIO = connection.performIO.bind(connection);
  const queryRaw = Object.getPrototypeOf(connection).queryRaw;
  connection.queryRaw = async (query) => {
    const columns = [];
    const relabelling = async (statement) => {
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
  #shadows = new Map();

  constructor(url) {
    super({ connectionString: url, max: 1 });
    this.#url = url;
  }

  connect() {
    return this.#open(this.#url, async () => {});
  }

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

  async #open(url, afterDispose) {
    const pool = new pg.Pool({ connectionString: url, max: 1 });
    pool.on("error", () => {}); // the shadow database is dropped under its idle connection: that is the point
    const connection = await new PrismaPg(pool, { disposeExternalPool: true }).connect();
    readCatalogChars(connection);
    connection.executeScript = async (script) => {
      try {
        await pool.query(script); // simple protocol: one implicit transaction for the whole script
      } catch (error) {
        connection.onError(error);
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
