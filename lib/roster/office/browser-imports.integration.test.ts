// Imports that an administrator asks for in the browser: previewed, then imported from the same files, into the own school alone.
import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { afterEach, describe, expect, it } from "vitest";
import { ZipFile } from "yazl";
import { env } from "@/lib/platform/runtime/env";
import type { Context } from "@/lib/shared/context";
import { AppError } from "@/lib/shared/errors";
import { newId } from "@/lib/shared/ids";
import { generatedFiles } from "@/tests/load/school/generate-school";
import { testDatabase } from "@/tests/support/database";
import { rosterJobs } from "@/tests/support/roster-jobs";
import { deleteLeftPreviews } from "../job/settle-imports";
import { importPreview } from "./import-preview";
import { cancelOwnImport, ownImport, ownImports } from "./own-imports";
import { previewUpload } from "./preview-upload";

const database = await testDatabase();
const { prisma: client } = database;
const { withWorker, end, left } = rosterJobs(database, env().CAMPUS_DATA_DIR);

const SHAPE = { students: 40, teachers: 3, sections: 6, courses: 4 };
const never = new AbortController().signal;

/** A school that was set up by hand and waits for its roster, and its administrator. */
async function waitingSchool(): Promise<Context> {
  const [schoolId, userId] = [newId(), newId()];
  const data = { id: schoolId, sourcedId: `setup:${schoolId}`, name: "Own name", timeZone: "Europe/Prague" };
  await client.school.create({ data: { ...data, awaitsRoster: true, ownName: true } });
  const names = { givenName: "Hana", familyName: "Head", email: `${userId}@example.edu` };
  await client.user.create({ data: { id: userId, schoolId, ...names, roles: ["ADMIN"], ownRoles: ["ADMIN"] } });
  const actor = { userId, schoolId, roles: ["ADMIN" as const], sessionId: newId() };
  return { actor, requestId: "test", now: new Date(), source: "web", address: null };
}

function zipped(files: Record<string, string>): ReadableStream<Uint8Array> {
  const zip = new ZipFile();
  for (const [name, text] of Object.entries(files)) zip.addBuffer(Buffer.from(text), name);
  zip.end();
  return Readable.toWeb(Readable.from(zip.outputStream)) as ReadableStream<Uint8Array>;
}

const roster = (school: string, more: Record<string, string> = {}) =>
  zipped({ ...generatedFiles({ ...SHAPE, school }), ...more });

/** Uploads and waits for the preview. */
async function previewed(ctx: Context, bytes: ReadableStream<Uint8Array>): Promise<string> {
  const { id } = await previewUpload(ctx, { id: newId(), name: "roster.zip", bytes }, client);
  await withWorker(() => end(id));
  return id;
}

async function imported(ctx: Context, id: string, ends?: number): Promise<string> {
  const next = await importPreview(ctx, { id, ends }, client);
  await withWorker(() => end(next.id));
  return next.id;
}

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => "done",
    (error: unknown) => (error instanceof AppError ? error.code : Promise.reject(error)),
  );

afterEach(async () => {
  await client.rosterImport.deleteMany({});
});

describe("a roster that is sent in the browser", () => {
  it("changes nothing until it is imported, and then makes the waiting school its own", async () => {
    const ctx = await waitingSchool();
    const preview = await previewed(ctx, roster("browser"));
    expect(await client.user.count({ where: { schoolId: ctx.actor.schoolId } })).toBe(1);
    expect(await ownImport(ctx, { id: preview }, client)).toMatchObject({
      status: "DONE",
      dryRun: true,
      canFollow: true,
    });

    const done = await ownImport(ctx, { id: await imported(ctx, preview) }, client);
    expect(done.result).toMatchObject({
      status: "DONE",
      report: { withoutPassword: expect.any(Number), invitations: null },
    });
    expect(await client.school.findUniqueOrThrow({ where: { id: ctx.actor.schoolId } })).toMatchObject({
      sourcedId: "browser",
      name: "Own name",
      awaitsRoster: false,
    });
    expect(await client.user.count({ where: { schoolId: ctx.actor.schoolId } })).toBeGreaterThan(SHAPE.students);
    expect(await client.invitation.count({ where: { user: { schoolId: ctx.actor.schoolId } } })).toBe(0);
    expect(await left()).toEqual({ chunks: 0, hashes: 0 });
    const entry = await client.auditEntry.findFirstOrThrow({
      where: { action: "roster.imported", schoolId: ctx.actor.schoolId },
    });
    expect(entry.actorId).toBe(ctx.actor.userId);
  });

  it("is imported once, however often the button is pressed", async () => {
    const ctx = await waitingSchool();
    const preview = await previewed(ctx, roster("pressed"));
    const ids = await Promise.all([1, 2, 3].map(() => importPreview(ctx, { id: preview }, client)));
    expect(new Set(ids.map(({ id }) => id)).size).toBe(1);
    expect(await client.rosterImport.count({ where: { dryRun: false } })).toBe(1);
  });

  it("of another school is refused, and nobody else's imports can be seen or moved", async () => {
    const ctx = await waitingSchool();
    await imported(ctx, await previewed(ctx, roster("mine")));
    const foreign = await ownImport(ctx, { id: await previewed(ctx, roster("theirs")) }, client);
    expect(foreign.result).toMatchObject({ status: "REFUSED", refusal: { errors: [{ code: "otherSchool" }] } });

    const other = await waitingSchool();
    const preview = await previewed(other, roster("others"));
    expect(await codeOf(ownImport(ctx, { id: preview }, client))).toBe("not_found");
    expect(await codeOf(importPreview(ctx, { id: preview }, client))).toBe("not_found");
    expect(await codeOf(previewUpload(ctx, { id: preview, name: "x", bytes: roster("others") }, client))).toBe(
      "not_found",
    );
    const again = await previewUpload(other, { id: preview, name: "x", bytes: null }, client);
    expect(again).toEqual({ id: preview });
    expect(await codeOf(cancelOwnImport(ctx, { id: preview }, client))).toBe("not_found");
    expect((await ownImports(ctx, client)).map(({ id }) => id)).not.toContain(preview);
    const teacher: Context = { ...other, actor: { ...other.actor, roles: ["TEACHER"] } };
    expect(await codeOf(ownImports(teacher, client))).toBe("forbidden");
    expect(await codeOf(previewUpload(teacher, { id: newId(), name: "x", bytes: roster("others") }, client))).toBe(
      "forbidden",
    );
  });

  it("that ends much of the school wants the number to be typed", async () => {
    const ctx = await waitingSchool();
    const files = generatedFiles({ ...SHAPE, school: "leavers" });
    await imported(ctx, await previewed(ctx, zipped(files)));
    const [header = "", ...rows] = (files["users.csv"] ?? "").trim().split("\n");
    const status = header.split(",").indexOf("status");
    expect(status).toBeGreaterThan(-1);
    const leaving = rows.filter((row) => /\bstudent\b/.test(row)).slice(0, 20);
    const gone = leaving.map((row) => row.split(",").with(status, "tobedeleted").join(","));
    const kept = rows.filter((row) => !leaving.includes(row));
    const preview = await previewed(ctx, zipped({ ...files, "users.csv": [header, ...kept, ...gone, ""].join("\n") }));
    const state = await ownImport(ctx, { id: preview }, client);
    expect(state.result).toMatchObject({ status: "DONE", report: { tallies: { users: { ended: gone.length } } } });
    expect(await codeOf(importPreview(ctx, { id: preview }, client))).toBe("invalid_request");
    expect(await codeOf(importPreview(ctx, { id: preview, ends: 3 }, client))).toBe("invalid_request");
    await imported(ctx, preview, gone.length);
    expect(await client.user.count({ where: { schoolId: ctx.actor.schoolId, active: false } })).toBe(gone.length);
  });

  it("that is no roster, or too little of one, says so on its page", async () => {
    const ctx = await waitingSchool();
    const bytes = Readable.toWeb(Readable.from([Buffer.from("not a zip")])) as ReadableStream<Uint8Array>;
    const { id } = await previewUpload(ctx, { id: newId(), name: "../../etc/notes.zip", bytes }, client);
    expect((await ownImport(ctx, { id }, client)).result).toEqual({
      status: "REFUSED",
      refusal: { errorCount: 1, errors: [{ file: "notes.zip", code: "neitherFolderNorZip" }] },
    });
    expect(await codeOf(previewUpload(ctx, { id: newId(), name: "nothing.zip", bytes: null }, client))).toBe(
      "invalid_request",
    );
  });

  it("keeps its files for a day and no longer, or until it is thrown away", async () => {
    const ctx = await waitingSchool();
    const preview = await previewed(ctx, roster("kept"));
    const now = new Date();
    await deleteLeftPreviews(client, { now, signal: never });
    expect((await ownImport(ctx, { id: preview }, client)).canFollow).toBe(true);
    await deleteLeftPreviews(client, { now: new Date(now.getTime() + 25 * 3_600_000), signal: never });
    expect((await left()).chunks).toBe(0);
    expect(await codeOf(importPreview(ctx, { id: preview }, client))).toBe("not_found");
    const second = await previewed(ctx, roster("kept"));
    await cancelOwnImport(ctx, { id: second }, client);
    expect((await left()).chunks).toBe(0);
  });
});
