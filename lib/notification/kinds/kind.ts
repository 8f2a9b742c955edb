import type { GuardiansOf } from "@/lib/identity/people/guardians-together";
import type { EventOf } from "@/lib/platform/events/delivery/consumer";
import type { Tx } from "@/lib/platform/db/client";
import type { EventType } from "@/lib/shared/events";
import type notifications from "@/messages/en/notifications.json";
import type { Category } from "../schema";

/** Who is notified, and as whom: the student themselves, a guardian of the student, or (null) on their own account. */
export type Addressee = { userId: string; studentId: string | null };

/** What an event says to people, before it is known who gets it how. */
export type News = {
  /** What it is about; with the recipient it makes the topic. */
  about: readonly string[];
  /** Order within what it is about: an older one never replaces a newer one. */
  revision: number;
  /** The student it is about; null: it is about no single one. */
  studentId: string | null;
  /** Its recipient has just done it: it is in the inbox as read, and still goes to their devices. */
  ownAct?: boolean;
  /** Ids and facts of the event; no names of people. */
  data: Record<string, string>;
};

/** What a kind reads with, in the transaction of the consumer. What several events ask `guardiansOf` is one statement. */
export type PlanReads = { tx: Tx; guardiansOf: GuardiansOf };

/** News and who gets it, or why nobody does. */
export type Planned = (News & { addressees: readonly Addressee[] }) | { nobody: string };

/** How the reader stands to the student it is about; `name` is the student's given name as it is now. */
export type Reader = { name: string; isOwn: boolean; isOfChild: boolean };

/** What is known of a kind without its event: enough to show it and to send it. */
export type KindLook = {
  /** Whose switches decide about it. */
  category: Category;
  /** The sentence of its push, which ends on a lock screen: no name, no class. */
  push: keyof typeof notifications.push;
  /** `high` wakes a sleeping phone: for what is of use in the next minutes. */
  urgency: "high" | "normal";
  /** Where a press on its push leads; left out: to the notification. */
  path?: string;
  /** Title and body from the stored facts, in the reader's language. */
  words(data: Record<string, string>, reader: Reader, locale: string): { title: string; body: string };
};

/** A kind that no event makes: its person asks for it at this moment, so nobody's switches decide about it. */
export type AskedForLook = Omit<KindLook, "category"> & { category: null };

/** A kind of notification: the event that makes it, who hears of it, and how it is said. The kind is the event's type. */
export type Kind<T extends EventType = EventType> = KindLook & {
  /** Reads only. */
  plan(reads: PlanReads, event: EventOf<T>, now: Date): Promise<Planned>;
};
