import { attempt, db, type Db, joinedTransaction, transaction } from "../db/client";
import { isKeptStatus, type KeptAnswer } from "@/lib/shared/keyed-call";
import { inProgress, keepAnswers, keptAnswersOf, keyReused, type OwnCall, tryHoldCall } from "./kept-answers";

/**
 * Answers a call once: its effect and the answer are written in one transaction, and whoever calls again within 24 h gets
 * that answer. `work` runs inside; the transactions that it opens on `client` are this one. `refusalOf` says what a
 * thrown error becomes, or null when the call is to fail as it is; of a refusal that is kept, everything that `work` wrote
 * is taken back. Throws `idempotency_in_progress` while the first is running, `idempotency_key_reused` for another body.
 */
export async function answerOnce(
  call: OwnCall,
  work: () => Promise<KeptAnswer>,
  refusalOf: (error: unknown) => KeptAnswer | null,
  client: Db = db(),
): Promise<{ answer: KeptAnswer; isRepeated: boolean }> {
  return transaction(async (tx) => {
    if (!(await tryHoldCall(tx, call))) throw inProgress();
    const [kept] = await keptAnswersOf(tx, [call]);
    if (kept && !kept.isSameBody) throw keyReused();
    if (kept) return { answer: kept.answer, isRepeated: true };
    const answer = await attempt(
      tx,
      () => joinedTransaction(tx, client, work),
      (error) => {
        const refusal = refusalOf(error);
        return refusal && isKeptStatus(refusal.status) ? refusal : null;
      },
    );
    if (isKeptStatus(answer.status)) await keepAnswers(tx, [{ call, answer }]);
    return { answer, isRepeated: false };
  }, client);
}
