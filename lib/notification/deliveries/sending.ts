import type { Db } from "@/lib/platform/db/client";
import { claimedDeliveries, type CurrentDelivery, unsendable } from "./claimed-deliveries";
import type { SendingProcess } from "./dispatch";
import { type ClaimedDelivery, GIVEN_BACK, settleDeliveries, type Settlement } from "./due-deliveries";
import { untilDatabaseAnswers } from "./until-database-answers";

/** What every sender does around its sends, whatever the channel. */
export function sendingOf({ client, worker, leaseMs, holding, signal, clock }: SendingProcess & { client: Db }) {
  /** Asked until the database answers; what is asked is harmless twice. */
  const surely = <T>(work: () => Promise<T>): Promise<T> => untilDatabaseAnswers(work, signal);

  /** Writes an outcome. */
  function settle(ids: readonly string[], settlement: Settlement): Promise<void> {
    const now = clock();
    return surely(() => settleDeliveries(client, worker, now, ids, settlement));
  }

  /** Holds the claims during `work`, and what it takes on besides. */
  async function whileHolding(
    claimed: readonly ClaimedDelivery[],
    work: (take: (ids: readonly string[]) => void) => Promise<void>,
  ): Promise<void> {
    const taken = new Set<string>();
    const take = (ids: readonly string[]) => {
      for (const id of ids) {
        taken.add(id);
        holding.add(id);
      }
    };
    take(claimed.map(({ id }) => id));
    try {
      await work(take);
    } finally {
      for (const id of taken) holding.delete(id);
    }
  }

  /**
   * Those that may be sent now; what is with the others is written, and told to `onWithheld`. `cannot` is what the channel
   * has against one.
   */
  async function sendable(
    ids: readonly string[],
    cannot: (delivery: CurrentDelivery) => Settlement | null,
    onWithheld: (settlement: Settlement) => void = () => undefined,
  ): Promise<CurrentDelivery[]> {
    const still = await surely(() => claimedDeliveries(client, { worker, ids, leaseMs }));
    const kept = new Set(still.map(({ id }) => id));
    // A claim that is about to run out would be taken over while we send: give it back instead.
    const late = ids.filter((id) => !kept.has(id));
    await settle(late, GIVEN_BACK);
    const wanted: CurrentDelivery[] = [];
    for (const delivery of still) {
      const settlement = unsendable(delivery, { now: clock(), cannot: cannot(delivery) });
      if (settlement === null) wanted.push(delivery);
      else {
        await settle([delivery.id], settlement);
        onWithheld(settlement);
      }
    }
    return wanted;
  }

  return { surely, settle, whileHolding, sendable };
}
