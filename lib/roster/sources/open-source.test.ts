import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, describe, expect, it } from "vitest";
import { openSource } from "./open-source";
import { RosterRefused } from "../problems";

const root = mkdtempSync(path.join(tmpdir(), "campus-folder-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function folderOf(name: string, files: readonly string[]): string {
  for (const file of files) {
    const target = path.join(root, name, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, "x");
  }
  return path.join(root, name);
}

describe("a roster in a folder", () => {
  it("is read from the folder itself, whatever folders are in it", async () => {
    const source = await openSource(folderOf("plain", ["users.csv", "old/users.csv", "older/users.csv"]));
    expect(source.names).toEqual(["users.csv"]);
  });

  it("is found in the only folder inside that holds tables", async () => {
    const files = ["export/2026/users.csv", "export/2026/old/users.csv", ".hidden/users.csv", "__MACOSX/users.csv"];
    const source = await openSource(folderOf("nested", [...files, "pictures/a.png"]));
    expect(source.names).toEqual(["users.csv"]);
  });

  it("is refused in one sentence that names the folders when there are several", async () => {
    const target = folderOf("several", ["north/users.csv", "south/users.csv"]);
    const refused = await openSource(target).catch((error: unknown) => error);
    if (!(refused instanceof RosterRefused)) throw new Error("not refused");
    expect(refused.problems.errors).toMatchObject([{ code: "severalFolders" }]);
    expect(String(refused.problems.errors[0]?.values?.["names"]).split(", ").sort()).toEqual(["north", "south"]);
  });

  it("reads a link that stays in the folder, and no link, folder or device outside of it", async () => {
    const outside = folderOf("outside", ["secret.csv"]);
    const target = folderOf("links", ["..data/users.csv", "orgs.csv"]);
    symlinkSync("..data/users.csv", path.join(target, "users.csv"));
    symlinkSync(path.join(outside, "secret.csv"), path.join(target, "classes.csv"));
    symlinkSync(outside, path.join(target, "courses.csv"));
    symlinkSync("/dev/zero", path.join(target, "roles.csv"));
    symlinkSync("..data", path.join(target, "enrollments.csv"));
    const source = await openSource(target);
    expect(await text(await source.open("users.csv"))).toBe("x");
    for (const name of ["classes.csv", "courses.csv", "roles.csv", "enrollments.csv"])
      await expect(source.open(name)).rejects.toMatchObject({
        problems: { errors: [{ file: name, code: "notInFolder" }] },
      });
    // The folder itself may be named by a link.
    const link = path.join(root, "link");
    symlinkSync(target, link);
    expect(await text(await (await openSource(link)).open("orgs.csv"))).toBe("x");
  });
});
