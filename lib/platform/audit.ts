import type { Context } from "@/lib/shared/context";
import { newId } from "@/lib/shared/ids";
import { Prisma, type Tx } from "./db";

export type AuditInput = {
  /** Verb phrase in past tense with its module, for example `enrollment.enrolled`. */
  action: string;
  objectType: string;
  objectId: string;
  /** From → to and other ids; no names, e-mails or notes. */
  details?: Record<string, unknown>;
  /** The acting person when it is not the context's actor (a batch of several people's requests). */
  actorId?: string;
  requestId?: string;
};

type AuditContext = Pick<Context, "requestId" | "now" | "source"> & { actor: { userId: string; schoolId: string } };

/** Writes audit rows in the caller's transaction, one statement for all of them. */
export async function audit(tx: Tx, ctx: AuditContext, entries: readonly AuditInput[]): Promise<void> {
  if (entries.length > 0) await tx.$executeRaw(insertAudit(ctx, entries));
}

/** The statement of `audit`, for a use-case that writes it together with its own in one `WITH`. */
export function insertAudit(ctx: AuditContext, entries: readonly AuditInput[]): Prisma.Sql {
  const rows = entries.map((entry) => ({
    id: newId(ctx.now.getTime()),
    actor: entry.actorId ?? ctx.actor.userId,
    action: entry.action,
    type: entry.objectType,
    object: entry.objectId,
    details: entry.details ?? {},
    request: entry.requestId ?? ctx.requestId,
  }));
  return Prisma.sql`
    INSERT INTO audit_entry (id, school_id, actor_id, action, object_type, object_id, details, request_id, source, at)
    SELECT e->>'id', ${ctx.actor.schoolId}, e->>'actor', e->>'action', e->>'type', e->>'object', e->'details', e->>'request', ${ctx.source}, ${ctx.now}
    FROM jsonb_array_elements(${JSON.stringify(rows)}::jsonb) AS e`;
}
