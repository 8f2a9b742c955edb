import { z } from "zod";
import { sayIn } from "./say";

// What PostgreSQL text cannot hold or a screen cannot show: control characters but tab and newline, and lone surrogates.
const STORABLE = /^(?:[\t\n\r\x20-\x7e\u0080-\ud7ff\ue000-\uffff]|[\ud800-\udbff][\udc00-\udfff])*$/;

/** An id from outside: opaque, made by us, so only these characters. One that names nothing is `not_found`, not invalid. */
export const idSchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, sayIn("field.id"))
  .meta({ minLength: 1, maxLength: 64 });

/** Free text of at most `maxLength` characters, trimmed, that can be stored and shown. */
export function textSchema(maxLength: number) {
  return z
    .string()
    .max(maxLength, sayIn("field.atMostCharacters", { most: maxLength }))
    .regex(STORABLE, sayIn("field.controlCharacters"))
    .transform((text) => text.trim());
}

/** A local date. */
export const dateSchema = z.iso.date(sayIn("field.date"));

/** A local date that the database can hold and a school can mean. */
export const schoolDateSchema = dateSchema
  .refine((date) => date >= "1900-01-01" && date <= "2999-12-31", sayIn("field.schoolDate"))
  .meta({
    pattern: String.raw`^(?:19|2\d)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$`,
    description: "From 1900-01-01 to 2999-12-31",
  });

export const roleSchema = z.enum(["STUDENT", "TEACHER", "GUARDIAN", "ADMIN"]);
export const instantSchema = z.iso.datetime({ offset: true });
export const daySchema = z.enum(["MO", "TU", "WE", "TH", "FR", "SA", "SU"]);

/** A number in a query is written in digits: `Number` would also take `0x10`, `1e2` and blanks. */
function digitsOnly<T extends z.ZodType>(schema: T) {
  return z.preprocess((value) => (typeof value === "string" && !/^\d{1,9}$/.test(value) ? Number.NaN : value), schema);
}

/** `?limit=` (1…200, 50 when absent) and `?cursor=` of every list. */
export const pageQuery = {
  limit: digitsOnly(z.coerce.number().int().min(1).max(200).default(50)),
  cursor: z.string().min(1).max(512).optional(),
};

/** The shape of every list answer. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}

/** Encodes where a list goes on: the sort values of its last item. Opaque to clients. */
export function encodeCursor(values: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(values)).toString("base64url");
}

/** The values of a cursor made by `encodeCursor`, or null when it is not one of ours with `length` values. */
export function decodeCursor(cursor: string, length: number): (string | number)[] | null {
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString());
    const ok =
      Array.isArray(values) &&
      values.length === length &&
      values.every((value) => (typeof value === "string" && STORABLE.test(value)) || Number.isSafeInteger(value));
    return ok ? (values as (string | number)[]) : null;
  } catch {
    return null;
  }
}

const LAST_CURSOR_MS = Date.UTC(3000, 0, 1);

/** The instant and id of a cursor `[milliseconds, id]`, or null. Instants that PostgreSQL cannot hold name no place. */
export function decodeTimeCursor(cursor: string): { at: Date; id: string } | null {
  const [atMs, id] = decodeCursor(cursor, 2) ?? [];
  if (typeof atMs !== "number" || typeof id !== "string" || !isStorableInstant(atMs)) return null;
  return { at: new Date(atMs), id };
}

/** True for instants from 1970 to 3000: what any record here can have, and what PostgreSQL takes from the driver. */
export function isStorableInstant(ms: number): boolean {
  return ms >= 0 && ms <= LAST_CURSOR_MS;
}
