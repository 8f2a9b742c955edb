import { describe, expect, it } from "vitest";
import { generatedFiles } from "@/tests/load/school/generate-school";
import { testDatabase } from "@/tests/support/database";
import { classMarks } from "@/lib/attendance/class-changes/was-held";
import { importRoster } from "@/lib/roster/run/import-roster";
import { memorySource } from "@/lib/roster/sources/sources";
import { AppError } from "@/lib/shared/errors";
import { createFirstAdministrator } from "./create-first-administrator";
import { setUpSchool } from "./set-up-school";
import { createSetupLink, deleteOldSetupLinks, findSetup } from "./setup-link";

const { prisma: client, pool } = await testDatabase();
const call = { requestId: "test", now: new Date(), source: "web" as const, address: null };
const SCHOOL = { name: "Riverside", timeZone: "Europe/Prague", locale: "en" };
const ADMINISTRATOR = { givenName: "Hana", familyName: "Head", password: "seven quiet rivers bend" };

async function link(): Promise<string> {
  const token = await createSetupLink(client);
  if (token === null) throw new Error("there is nothing to set up");
  return token;
}
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => "done",
    (error: unknown) => (error instanceof AppError ? (error.errors?.[0]?.code ?? error.code) : Promise.reject(error)),
  );
const administrator = (token: string, email: string, more: { password?: string } = {}) =>
  createFirstAdministrator(call, { ...ADMINISTRATOR, ...more, token, email }, client);

// In order: the database goes from empty to a school with an administrator.
describe("setting up a school", () => {
  it("stores no token, and the newest alone works until it is over", async () => {
    const [older, newer] = [await link(), await link()];
    expect(await findSetup(older, client)).toBeNull();
    expect(await findSetup(newer, client)).toEqual({ school: null });
    const { rows } = await pool.query<{ row: string }>("SELECT s::text AS row FROM setup_link s");
    expect(rows).toHaveLength(1);
    expect(rows[0]?.row).not.toContain(newer);
    await pool.query("UPDATE setup_link SET expires_at = now() - interval '1 second'");
    expect(await findSetup(newer, client)).toBeNull();
    expect(await refusal(setUpSchool(call, { ...SCHOOL, token: newer }, client))).toBe("not_found");
    expect(await deleteOldSetupLinks(client)).toBe(1);
  });

  it("wants the school first, names it once, and takes corrections", async () => {
    const token = await link();
    expect(await refusal(administrator(token, "head@riverside.example.edu"))).toBe("schoolFirst");
    await Promise.all([1, 2, 3].map(() => setUpSchool(call, { ...SCHOOL, token }, client)));
    await setUpSchool(call, { ...SCHOOL, name: "Riverside School", token }, client);
    expect(await client.school.findMany({ select: { name: true, awaitsRoster: true, ownName: true } })).toEqual([
      { name: "Riverside School", awaitsRoster: true, ownName: true },
    ]);
  });

  it("makes one administrator of two presses, and there is nothing to set up any more", async () => {
    const token = await link();
    expect(await refusal(administrator(token, "head@riverside.example.edu", { password: "12345678" }))).toMatch(/too/);
    const both = await Promise.all(
      ["head", "other"].map((who) => refusal(administrator(token, `${who}@riverside.example.edu`))),
    );
    expect(both.sort()).toEqual(["done", "not_found"]);
    expect(await client.user.findMany({ select: { roles: true, ownRoles: true } })).toEqual([
      { roles: ["ADMIN"], ownRoles: ["ADMIN"] },
    ]);
    expect(await client.setupLink.count()).toBe(0);
    expect(await createSetupLink(client)).toBeNull();
    const actions = (await client.auditEntry.findMany({ select: { action: true } })).map(({ action }) => action);
    expect(actions).toContain("identity.first_administrator_created");
  });

  it("a roster from the command line is that of the school, and leaves its name and its administrator", async () => {
    const { email, id } = await client.user.findFirstOrThrow();
    const files = generatedFiles({ students: 6, teachers: 2, sections: 6, courses: 4, school: "riverside" });
    const lines = (files["users.csv"] ?? "").split("\n");
    const first = lines.findIndex((line) => /\bteacher\b/.test(line));
    lines[first] = (lines[first] ?? "").replace(/[^,]*@[^,]*/, email);
    const all = { ...files, "users.csv": lines.join("\n") };
    for (const again of [false, true]) {
      const options = { now: new Date(), requestId: "test", marks: classMarks };
      const { tallies } = await importRoster(memorySource(all), options, client);
      expect(tallies.users).toMatchObject(again ? { created: 0, changed: 0 } : { changed: 1 });
      expect(await client.school.findMany({ select: { sourcedId: true, name: true, timeZone: true } })).toEqual([
        { sourcedId: "riverside", name: "Riverside School", timeZone: "Europe/Prague" },
      ]);
      const person = await client.user.findUniqueOrThrow({ where: { id } });
      expect({ email: person.email, roles: [...person.roles].sort() }).toEqual({ email, roles: ["ADMIN", "TEACHER"] });
    }
  });

  it("of whoever is the last administrator to go, the next can be set up", async () => {
    await client.user.updateMany({ data: { active: false } });
    const token = await link();
    expect(await findSetup(token, client)).toMatchObject({ school: { name: "Riverside School" } });
  });
});
