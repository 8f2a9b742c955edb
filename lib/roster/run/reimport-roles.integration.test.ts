import { describe, expect, it } from "vitest";
import { rosterSchool, type Row } from "@/tests/support/roster-school";
import { RosterRefused } from "../problems";

/** A school whose rosters are OneRoster 1.2: t1 is a teacher and an administrator, g1 a guardian twice over. */
async function school(tag: string) {
  const campus = rosterSchool(tag);
  const role = (sourcedId: string, user: string, name: string, more: Row = {}): Row => ({
    sourcedId,
    userSourcedId: user,
    roleType: "primary",
    role: name,
    orgSourcedId: tag,
    ...more,
  });
  const roles = [
    ...["s1", "s2", "s3", "s4"].map((id) => role(`r-${id}`, id, "student")),
    role("r-t1", "t1", "teacher"),
    role("r-t1-admin", "t1", "siteAdministrator"),
    role("r-g1", "g1", "guardian"),
    role("r-g1-again", "g1", "relative"),
    role("r-g2", "g2", "parent"),
  ];
  const whole = { ...campus.whole, roles };
  const run: typeof campus.run = (tables, options) => campus.run(tables, { version: "1.2", ...options });
  await run(whole, { bulk: ["users", "roles"] });
  const rolesOf = async (id: string) => (await campus.person(id)).roles;
  return { ...campus, whole, role, run, rolesOf };
}

describe("OneRoster 1.2 that sends only what changed", () => {
  it("updates people without roles.csv", async () => {
    const campus = await school("no-roles");
    const report = await campus.run({ users: [campus.user("t1", "", { familyName: "Renamed" })] });
    expect(report.tallies.users).toMatchObject({ changed: 1 });
    expect(report.warnings).toEqual([]);
    expect(await campus.person("t1")).toMatchObject({ familyName: "Renamed", roles: ["TEACHER", "ADMIN"] });
  });

  it("changes roles without users.csv", async () => {
    const campus = await school("roles-alone");
    const report = await campus.run({ roles: [campus.role("r-new", "s4", "teacher")] });
    expect(await campus.rolesOf("s4")).toEqual(["STUDENT", "TEACHER"]);
    expect(report.tallies.users).toMatchObject({ changed: 1, unchanged: 0 });
    expect(report.tallies.guardianships.ended).toBe(0);
    const unknown = campus.run({ roles: [campus.role("r-x", "nobody", "teacher")] });
    await expect(unknown).rejects.toSatisfy(
      (error) => error instanceof RosterRefused && error.problems.errors[0]?.code === "danglingUser",
    );
  });

  it("keeps the role whose row was not sent", async () => {
    const campus = await school("one-of-two");
    await campus.run({ users: [campus.user("t1", "")], roles: [campus.role("r-t1", "t1", "teacher")] });
    expect(await campus.rolesOf("t1")).toEqual(["TEACHER", "ADMIN"]);
  });

  it("takes a role whose row is deleted, with its sourcedId alone, unless another row gives it", async () => {
    const campus = await school("taken");
    await campus.run({
      roles: [
        { sourcedId: "r-t1-admin", status: "tobedeleted" },
        { sourcedId: "r-g1", status: "tobedeleted" },
      ],
    });
    expect(await campus.rolesOf("t1")).toEqual(["TEACHER"]);
    expect(await campus.rolesOf("g1")).toEqual(["GUARDIAN"]);
    await campus.run({ roles: [{ sourcedId: "r-g1-again", status: "tobedeleted" }] });
    expect(await campus.rolesOf("g1")).toEqual([]);
    const back = await campus.run({ roles: [campus.role("r-g1", "g1", "guardian")] });
    expect(await campus.rolesOf("g1")).toEqual(["GUARDIAN"]);
    expect(back.warnings).toEqual([]);
  });

  it("moves a role to another person, and says who is left with none", async () => {
    const campus = await school("moved-role");
    const report = await campus.run({ roles: [campus.role("r-g2", "s4", "parent")] });
    expect(await campus.rolesOf("s4")).toEqual(["STUDENT", "GUARDIAN"]);
    expect(await campus.rolesOf("g2")).toEqual([]);
    expect(report.warnings).toMatchObject([{ code: "noRoleLeft", values: { id: "g2" } }]);
  });

  it("never takes a role in which somebody acts", async () => {
    const campus = await school("acts");
    await campus.run({ roles: [{ sourcedId: "r-t1", status: "tobedeleted" }] });
    expect(await campus.rolesOf("t1")).toEqual(["TEACHER", "ADMIN"]);
  });

  it("is whole again when roles.csv says so, and changes nothing the second time", async () => {
    const campus = await school("whole");
    const roles = campus.whole.roles.filter(({ sourcedId }) => sourcedId !== "r-t1-admin");
    await campus.run({ ...campus.whole, roles }, { bulk: ["users", "roles"] });
    expect(await campus.rolesOf("t1")).toEqual(["TEACHER"]);
    const again = await campus.run({ ...campus.whole, roles }, { bulk: ["users", "roles"] });
    for (const tally of Object.values(again.tallies)) expect(tally).toMatchObject({ created: 0, changed: 0, ended: 0 });
  });
});
