import { once } from "node:events";
import net from "node:net";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { messageOf } from "../errors.mjs";
import { isPortFree } from "../ports.mjs";
import { assertNodeVersion, root } from "../runtime.mjs";
import { accountsText, assertPortFree, dataFolderSentence, readStartOptions } from "./start-options.mjs";

describe("the settings of a start", () => {
  it("are the documented defaults", () => {
    expect(readStartOptions({})).toEqual({
      port: 3000,
      databaseUrl: undefined,
      demo: true,
      host: "127.0.0.1",
      dev: false,
      dataDir: path.join(root, ".campus"),
      publicUrl: "http://localhost:3000",
    });
  });

  it("load no demo school into a database of somebody else unless asked", () => {
    const DATABASE_URL = "postgresql://somewhere/campus";
    expect(readStartOptions({ DATABASE_URL }).demo).toBe(false);
    expect(readStartOptions({ DATABASE_URL, CAMPUS_DEMO: "1" }).demo).toBe(true);
    expect(readStartOptions({ CAMPUS_DEMO: "0" }).demo).toBe(false);
  });

  it("show the demo, whose passwords are public, to this machine alone unless told otherwise", () => {
    const DATABASE_URL = "postgresql://somewhere/campus";
    expect(readStartOptions({ DATABASE_URL, CAMPUS_DEMO: "1" }).host).toBe("127.0.0.1");
    expect(readStartOptions({ CAMPUS_HOST: "0.0.0.0" }).host).toBe("0.0.0.0");
    expect(readStartOptions({ CAMPUS_DEMO: "0" }).host).toBeUndefined();
    expect(readStartOptions({ HOST: "my-machine" }).host).toBe("127.0.0.1");
  });

  it.each([
    [{ PORT: "seven" }, 'PORT must be a number from 1 to 65535, it is "seven".'],
    [{ PORT: "70000" }, 'it is "70000"'],
    [{ CAMPUS_DEMO: "yes" }, 'CAMPUS_DEMO must be 0 or 1, it is "yes".'],
    [{ DATABASE_URL: "mysql://me:secret@host/campus" }, "DATABASE_URL must be the address of a PostgreSQL"],
    [{ DATABASE_URL: "postgresql://host:none/campus" }, "DATABASE_URL must be the address of a PostgreSQL"],
  ])("refuses %j", (env, message) => {
    expect(() => readStartOptions(env)).toThrow(message);
  });

  it("keep the password of a wrong address to themselves", () => {
    expect(() => readStartOptions({ DATABASE_URL: "mysql://me:secret@host" })).toThrow(/^(?!.*secret).*$/s);
  });

  it("names an argument that it does not know", () => {
    expect(() => readStartOptions({}, ["--port"])).toThrow("Unknown argument --port.");
  });
});

describe("the sentences for a start that cannot be", () => {
  it("name the taken port and a free one", async () => {
    const server = net.createServer();
    server.listen(0);
    await once(server, "listening");
    const { port } = /** @type {net.AddressInfo} */ (server.address());
    const failure = await assertPortFree(port).catch(messageOf);
    await new Promise((resolve) => server.close(resolve));
    expect(failure).toContain(`Port ${port} is taken by another program.`);
    const [, other] = /PORT=(\d+) npm start/.exec(`${failure}`) ?? [];
    expect(await isPortFree(Number(other))).toBe(true);
    await assertPortFree(port);
  });

  it("name a port that exists when the last one is taken", async () => {
    const failure = await assertPortFree(65_535, async () => "EADDRINUSE").catch(messageOf);
    const [, other] = /^Port 65535 is taken by another program\..* PORT=(\d+) npm start$/.exec(`${failure}`) ?? [];
    expect(await isPortFree(Number(other))).toBe(true);
  });

  it("tell a forbidden port from a taken one", async () => {
    await expect(assertPortFree(80, async () => "EACCES")).rejects.toThrow(
      "Port 80 is not for ordinary users on this system. Choose another one: PORT=3000 npm start",
    );
  });

  it("tell a full disk from a folder that is not ours", () => {
    expect(dataFolderSentence("/data", "ENOSPC")).toBe(
      "The disk of the data folder /data is full. Make room, or choose another folder with CAMPUS_DATA_DIR.",
    );
    expect(dataFolderSentence("/data", "EACCES")).toContain("cannot be written (EACCES)");
  });

  it("name the Node that is too old", () => {
    expect(() => assertNodeVersion("18.20.1")).toThrow("needs Node 20.20 or newer, this is 18.20.1");
    expect(() => assertNodeVersion("20.19.9")).toThrow("20.19.9");
    for (const version of ["20.20.0", "22.0.0", "24.21.0"]) assertNodeVersion(version);
  });
});

describe("the printed accounts", () => {
  /** @param {string} role @param {string} name */
  const account = (role, name) => ({ role, name, email: `${name}@demo.example`, password: "pass" });

  it("are one of each role, in columns", () => {
    const accounts = [account("student", "noor"), account("student", "li"), account("admin", "petra")];
    expect(accountsText(accounts).split("\n")).toEqual([
      "Demo accounts (role, name, e-mail, password):",
      "  admin    petra  petra@demo.example  pass",
      "  student  noor   noor@demo.example   pass",
    ]);
  });

  it("are not there without accounts", () => {
    expect(accountsText([])).toBe("");
  });
});
