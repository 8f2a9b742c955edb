// What PostgreSQL says about a statement without running it, and about its own types, columns and functions.
import pg from "pg";
import { readTree } from "./node-tree.mjs";

/** @import { TreeNode } from "./node-tree.mjs" */

/**
 * A type: `enum` and the like by `kind`; `element` is the oid of what an array holds, 0 for others.
 * @typedef {{ name: string, kind: "base" | "enum" | "other", element: number, labels: string[] }} DbType
 * @typedef {{ table: string, name: string, notNull: boolean, mustBeGiven: boolean, type: number }} DbColumn
 * @typedef {object} Catalog
 * @property {Map<number, DbType>} types
 * @property {Map<number, string>} labels enum labels by oid
 * @property {Map<string, DbColumn>} columns by `oid of the table.number`
 * @property {Map<number, number>} width columns of a table by its oid
 * @property {Map<number, { name: string, strict: boolean, set: boolean }>} functions
 */

/**
 * A statement as PostgreSQL reads it; `tree` is undefined where it only parses (SET, LOCK, CREATE …).
 * @typedef {{ columns: { name: string, type: number }[], parameters: number[], tree: TreeNode | undefined }} Description
 */

/** PostgreSQL refuses the statement; `position` counts from 1 in its text. */
export class Refusal extends Error {
  /** @param {string} message @param {number | undefined} position @param {string | undefined} hint */
  constructor(message, position, hint) {
    super(message);
    this.position = position;
    this.hint = hint;
  }
}

/** A connection that describes statements. */
export class SqlServer {
  /** @type {TreeNode | undefined} */
  #tree;
  #client;

  /** @param {pg.Client} client */
  constructor(client) {
    this.#client = client;
  }

  /** @param {string} url */
  static async connect(url) {
    const client = new pg.Client({ connectionString: url, application_name: "sql check" });
    await client.connect();
    const server = new SqlServer(client);
    client.on("notice", (notice) => {
      if (notice.message === "parse tree:") server.#tree = readTree(notice.detail ?? "");
    });
    // The time zone and the isolation do not matter: nothing is run but what `attempt` takes back.
    await client.query("SET client_min_messages = log");
    await client.query("SET debug_pretty_print = off");
    return server;
  }

  close() {
    return this.#client.end();
  }

  /**
   * Types, columns and functions of the database.
   * @returns {Promise<Catalog>}
   */
  async catalog() {
    const rows = async (/** @type {string} */ sql) => (await this.#client.query({ text: sql, rowMode: "array" })).rows;
    const enums = await rows(
      "SELECT oid::int, enumtypid::int, enumlabel FROM pg_enum ORDER BY enumtypid, enumsortorder",
    );
    const types = await rows(
      "SELECT oid::int, typname, typtype, CASE WHEN typcategory = 'A' THEN typelem::int ELSE 0 END FROM pg_type",
    );
    const columns = await rows(
      `SELECT a.attrelid::int, a.attnum, c.relname, a.attname, a.attnotnull, a.atttypid::int,
              a.attnotnull AND NOT a.atthasdef AND a.attidentity = '' AND a.attgenerated = ''
       FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid WHERE NOT a.attisdropped`,
    );
    const functions = await rows("SELECT oid::int, proname, proisstrict, proretset FROM pg_proc");
    /** @type {Map<number, string[]>} */
    const labels = new Map();
    for (const [, type, label] of enums) labels.set(type, [...(labels.get(type) ?? []), label]);
    /** @type {Map<number, number>} */
    const width = new Map();
    for (const [table, number] of columns) width.set(table, Math.max(width.get(table) ?? 0, number));
    return {
      types: new Map(
        types.map(([oid, name, kind, element]) => [
          oid,
          {
            name,
            kind: kind === "e" ? "enum" : kind === "b" ? "base" : "other",
            element,
            labels: labels.get(oid) ?? [],
          },
        ]),
      ),
      labels: new Map(enums.map(([oid, , label]) => [oid, label])),
      columns: new Map(
        columns.map(([oid, number, table, name, notNull, type, mustBeGiven]) => [
          `${oid}.${number}`,
          { table, name, notNull, mustBeGiven, type },
        ]),
      ),
      width,
      functions: new Map(functions.map(([oid, name, strict, set]) => [oid, { name, strict, set }])),
    };
  }

  /**
   * Has a statement parsed and described. Throws a {@link Refusal} when PostgreSQL refuses it.
   * @param {string} sql with `$1`, `$2` … for values
   * @returns {Promise<Description>}
   */
  async describe(sql) {
    await this.#client.query("SET debug_print_parse = on");
    this.#tree = undefined;
    try {
      const { columns, parameters } = await describeOn(this.#client, sql);
      const tree = /** @type {TreeNode | undefined} */ (this.#tree);
      return { columns, parameters, tree: tree && isPlanned(tree) ? tree : undefined };
    } finally {
      await this.#client.query("SET debug_print_parse = off");
    }
  }

  /**
   * Runs a statement that PostgreSQL checks only when it runs (LOCK, ALTER, SET LOCAL …), and takes it back.
   * @param {string} sql
   */
  async attempt(sql) {
    await this.#client.query("BEGIN");
    try {
      await this.#client.query(sql);
    } catch (error) {
      throw refusalOf(error);
    } finally {
      await this.#client.query("ROLLBACK");
    }
  }
}

/** Utility statements have a tree as well, which says nothing. @param {TreeNode} tree */
function isPlanned(tree) {
  return tree.type === "QUERY" && tree.fields.commandType !== 6;
}

/** @param {unknown} error */
function refusalOf(error) {
  if (!(error instanceof pg.DatabaseError)) return error;
  return new Refusal(error.message, error.position === undefined ? undefined : Number(error.position), error.hint);
}

/**
 * The messages Parse and Describe of the protocol, which node-postgres sends only together with Execute.
 * @param {pg.Client} client
 * @param {string} sql
 * @returns {Promise<{ columns: { name: string, type: number }[], parameters: number[] }>}
 */
function describeOn(client, sql) {
  return new Promise((resolve, reject) => {
    /** @type {{ name: string, type: number }[]} */
    let columns = [];
    /** @type {number[]} */
    let parameters = [];
    const query = {
      /** @param {pg.Connection} connection */
      submit(connection) {
        connection.once("parameterDescription", onParameters);
        connection.parse({ name: "", text: sql, types: [] }, true);
        connection.describe({ type: "S", name: "" }, true);
        connection.sync();
      },
      /** @param {{ fields: { name: string, dataTypeID: number }[] }} message */
      handleRowDescription({ fields }) {
        columns = fields.map(({ name, dataTypeID }) => ({ name, type: dataTypeID }));
      },
      /** @param {Error} error */
      handleError(error) {
        client.connection.removeListener("parameterDescription", onParameters);
        reject(refusalOf(error));
      },
      handleReadyForQuery() {
        client.connection.removeListener("parameterDescription", onParameters);
        resolve({ columns, parameters });
      },
    };
    /** @param {{ dataTypeIDs: number[] }} message */
    function onParameters({ dataTypeIDs }) {
      parameters = dataTypeIDs;
    }
    client.query(/** @type {any} */ (query));
  });
}
