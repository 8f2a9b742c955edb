import type { Db } from "@/lib/platform/db/client";
import { together } from "@/lib/platform/db/together";
import { claimedDeliveries, type CurrentDelivery, unsendable } from "./claimed-deliveries";
import type { SendingProcess } from "./dispatch";
import {
  type Acceptance,
  type ClaimedDelivery,
  GIVEN_BACK,
  noteAccepted,
  type Outcome,
  settleDeliveries,
  type Settlement,
} from "./due-deliveries";
import { untilDatabaseAnswers } from "./until-database-answers";

/** What every sender does around its sends, whatever the channel. */
export function sendingOf({ client, worker, leaseMs, holding, signal, clock }: SendingProcess & { client: Db }) {
  /** Asked until the database answers; what is asked is harmless twice. */
  const surely = <T>(work: () => Promise<T>): Promise<T> => untilDatabaseAnswers(work, signal);

  // Many lanes end at the same moment: what they ask and write then is one statement for all of them.
  const writeOutcome = together(async (outcomes: readonly Outcome[]) => {
    await settleDeliveries(client, worker, outcomes);
    return outcomes.map(() => undefined);
  });
  const writeAccepted = together(async (accepted: readonly Acceptance[]) => {
    await noteAccepted(client, accepted);
    return accepted.map(() => undefined);
  });
  const current = together(async (lanes: readonly (readonly string[])[]) => {
    const found = await claimedDeliveries(client, { worker, ids: lanes.flat(), leaseMs });
    const byId = new Map(found.map((delivery) => [delivery.id, delivery]));
    return lanes.map((ids) => ids.toSorted().flatMap((id) => byId.get(id) ?? []));
  });

  /** Writes an outcome. */
  async function settle(ids: readonly string[], settlement: Settlement): Promise<void> {
    if (ids.length === 0) return;
    const outcome = { ids, settlement, now: clock() };
    await surely(() => writeOutcome(outcome));
  }

  /** Notes when a push service took something for a subscription. */
  async function accepted(subscriptionId: string, at: Date): Promise<void> {
    await surely(() => writeAccepted({ subscriptionId, at }));
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
    const still = await surely(() => current(ids));
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

  return { surely, settle, accepted, whileHolding, sendable };
}
