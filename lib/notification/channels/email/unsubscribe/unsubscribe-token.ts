import { createHmac, timingSafeEqual } from "node:crypto";
import { derivedKey } from "@/lib/platform/runtime/secrets";
import { CATEGORIES, type Category } from "../../../schema";

/** Whose mail about what is to end; `all`: about everything. */
export type Unsubscribe = { userId: string; category: Category | "all" };

const SCOPES: readonly (Category | "all")[] = [...CATEGORIES, "all"];
const key = () => derivedKey("unsubscribe from mail");
const signature = (payload: string) => createHmac("sha256", key()).update(payload).digest("base64url");

/** The end of an address that ends mail without signing in. It says nothing of the person, and holds as long as the key. */
export function unsubscribeToken({ userId, category }: Unsubscribe): string {
  const payload = Buffer.from(JSON.stringify([userId, category])).toString("base64url");
  return `${payload}.${signature(payload)}`;
}

/** What a token says, or null for one that is not ours. */
export function readUnsubscribeToken(token: string): Unsubscribe | null {
  const [payload = "", given = "", more] = token.split(".");
  const [ours, theirs] = [Buffer.from(signature(payload)), Buffer.from(given)];
  if (more !== undefined || ours.length !== theirs.length || !timingSafeEqual(ours, theirs)) return null;
  const [userId, scope] = JSON.parse(Buffer.from(payload, "base64url").toString()) as [string, string];
  const category = SCOPES.find((known) => known === scope);
  return category === undefined ? null : { userId, category };
}
