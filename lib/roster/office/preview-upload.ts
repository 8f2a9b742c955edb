import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import { db, type Db } from "@/lib/platform/db/client";
import { env } from "@/lib/platform/runtime/env";
import { requireRole } from "@/lib/shared/access";
import type { Context } from "@/lib/shared/context";
import { AppError } from "@/lib/shared/errors";
import { say } from "@/lib/shared/say";
import { createImport, endStoring, queueImport } from "../job/imports";
import { RosterRefused } from "../problems";
import { refusalOf } from "../run/report";
import { openSource } from "../sources/open-source";
import { storeSource } from "../store/store-source";
import { MAX_UPLOAD_BYTES } from "./upload-limit";

/**
 * Takes a roster that an administrator sends and queues a preview of it: everything is read and compared, nothing is changed.
 * `id` is a new one of the caller's: sent once more, it answers as before. An import that is refused at once because the file is no
 * roster has a page too, which says why. The file is on disk only while it is taken apart. Errors: `forbidden`, `payload_too_large`,
 * `invalid_request` when nothing came, `not_found` for an id that is another school's.
 */
export async function previewUpload(
  ctx: Context,
  { id, ...upload }: { id: string; name: string; bytes: ReadableStream<Uint8Array> | null },
  client: Db = db(),
): Promise<{ id: string }> {
  requireRole(ctx, "ADMIN");
  const { schoolId: targetSchoolId, userId: askedById } = ctx.actor;
  const before = await client.rosterImport.findUnique({ where: { id }, select: { targetSchoolId: true } });
  if (before && before.targetSchoolId !== targetSchoolId)
    throw new AppError("not_found", { detail: say("detail.importGone") });
  if (before) return { id };
  const folder = await mkdtemp(path.join(os.tmpdir(), "campus-roster-"));
  try {
    const file = path.join(folder, plainName(upload.name));
    await write(file, upload.bytes);
    const { PUBLIC_URL, PORT } = env();
    const publicUrl = PUBLIC_URL ?? `http://localhost:${PORT}`;
    const request = { dryRun: true, timeZone: null, sharedPasswordHash: null, publicUrl };
    await createImport(client, { ...request, id, targetSchoolId, askedById });
    try {
      const source = await openSource(file);
      await storeSource(client, id, source).finally(() => source.close());
      await queueImport(client, id);
    } catch (error) {
      const isRefused = error instanceof RosterRefused;
      const end = isRefused
        ? ({ status: "REFUSED", refusal: refusalOf(error) } as const)
        : ({ status: "FAILED", failure: "notStored" } as const);
      await endStoring(client, id, end).catch(() => false);
      if (!isRefused) throw error;
    }
    return { id };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function write(file: string, bytes: ReadableStream<Uint8Array> | null): Promise<void> {
  let size = 0;
  const counted = new Transform({
    transform(chunk: Uint8Array, _encoding, next) {
      size += chunk.byteLength;
      if (size <= MAX_UPLOAD_BYTES) next(null, chunk);
      else
        next(new AppError("payload_too_large", { detail: say("detail.tooLarge", { kib: MAX_UPLOAD_BYTES / 1024 }) }));
    },
  });
  if (bytes) {
    try {
      await pipeline(Readable.fromWeb(bytes), counted, createWriteStream(file, { mode: 0o600 }));
    } catch (error) {
      if (error instanceof AppError) throw error;
      // Whoever goes away while sending is no fault of ours.
      throw new AppError("invalid_request", { detail: say("detail.bodyEnded"), cause: error });
    }
  }
  if (size === 0) throw new AppError("invalid_request", { detail: say("detail.uploadKind") });
}

/** The last part of the name that the browser gave, for sentences about the file; it leads nowhere. */
function plainName(name: string): string {
  const last =
    name
      .split(/[/\\]/)
      .at(-1)
      ?.replaceAll(/[^\p{L}\p{N} ._-]/gu, "_") ?? "";
  return last.replace(/^\.+/, "").slice(-80) || "roster.zip";
}
