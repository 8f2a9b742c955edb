import type { Context } from "@/lib/shared/context";
import { newId } from "@/lib/shared/ids";
import { Prisma, type Tx } from "./client";

export type AuditInput = {
  /** Verb phrase in past tense with its module, for example `enrollment.enrolled`. */
  action: string;
  objectType: string;
  objectId: string;
  /** From → to and other ids; no names, e-mails or notes. */
  details?: Record<string, unknown>;
  /** Who did it, when it is not the context (a batch of several people's requests). */
  by?: AuditContext;
};

export type AuditContext = Pick<Context, "requestId" | "now" | "source" | "address"> & {
  /** `userId` is null where nobody is known to have done it. */
  actor: { userId: string | null; schoolId: string };
};

/** Writes audit rows in the caller's transaction, one statement for all of them. */
export async function audit(tx: Tx, ctx: AuditContext, entries: readonly AuditInput[]): Promise<void> {
  if (entries.length > 0) await tx.$executeRaw(insertAudit(ctx, entries));
}

/** The statement of `audit`, for a use-case that writes it together with its own in one `WITH`. */
export function insertAudit(ctx: AuditContext, entries: readonly AuditInput[]): Prisma.Sql {
  const rows = entries.map((entry) => {
    const { actor, requestId, address, source, now } = entry.by ?? ctx;
    return {
      id: newId(now.getTime()),
      school: actor.schoolId,
      actor: actor.userId,
      action: entry.action,
      type: entry.objectType,
      object: entry.objectId,
      details: entry.details ?? {},
      request: requestId,
      address: address ?? null,
      source,
      at: now.toISOString(),
    };
  });
  return Prisma.sql`
    INSERT INTO audit_entry (id, school_id, actor_id, action, object_type, object_id, details, request_id, address, source, at)
    SELECT e->>'id', e->>'school', e->>'actor', e->>'action', e->>'type', e->>'object', e->'details', e->>'request',
      e->>'address', e->>'source', (e->>'at')::timestamptz
    FROM jsonb_array_elements(${JSON.stringify(rows)}::jsonb) AS e`;
}
