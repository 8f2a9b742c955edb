// Proof that alerts reach this device: one is sent the way every alert goes, and the service worker says when it showed it.
import { onAlertShown } from "@/components/patterns/shell/alert-shown";

/** Why a test alert is not proven. `notShown`: the push service took it; `notTaken`: it has not. */
export type ProofProblem =
  "blocked" | "offline" | "signedOut" | "gone" | "tooMany" | "failed" | "notShown" | "notTaken";
export type Proof = { kind: "shown"; at: Date } | { kind: "unproven"; problem: ProofProblem };

const PATIENCE_MS = 30_000;

/**
 * Sends a test alert to this browser's subscription `id` and waits until it is on the screen; `sent` is called when the
 * server has it. After the patience it asks the server how far the alert came. `signal` ends the waiting.
 */
export async function proveAlerts(
  id: string,
  { sent, signal, patienceMs = PATIENCE_MS }: { sent: () => void; signal: AbortSignal; patienceMs?: number },
): Promise<Proof> {
  if (Notification.permission !== "granted") return unproven("blocked");
  // The ears are open before anything is sent: a push can be here before the answer is.
  const ears = listen();
  try {
    const answer = await fetch(`/api/push-subscriptions/${id}/test`, { method: "POST", signal });
    if (!answer.ok) return unproven(problemOfStatus(answer.status));
    const { id: alert }: { id: string } = await answer.json();
    sent();
    const at = await ears.hear(alert, patienceMs, signal);
    return at === null ? unproven(await howFar(id, answer.headers.get("date"), signal)) : { kind: "shown", at };
  } catch (error) {
    if (error instanceof TypeError) return unproven("offline"); // what fetch throws without a connection
    return unproven("failed");
  } finally {
    ears.close();
  }
}

function unproven(problem: ProofProblem): Proof {
  return { kind: "unproven", problem };
}

function problemOfStatus(status: number): ProofProblem {
  switch (status) {
    case 401:
      return "signedOut";
    case 404:
      return "gone";
    case 429:
      return "tooMany";
    default:
      return "failed";
  }
}

/** The service worker's words about what it showed, from now on. */
function listen() {
  const shownAt = new Map<string, Date>();
  const waiting = new Map<string, (at: Date) => void>();
  const over = new AbortController();
  onAlertShown((id) => {
    if (id === undefined) return;
    const at = new Date();
    shownAt.set(id, at);
    waiting.get(id)?.(at);
  }, over.signal);
  return {
    close: () => over.abort(),
    /** When this alert was shown; null when it was not in time. */
    hear: (alert: string, patienceMs: number, signal: AbortSignal) =>
      new Promise<Date | null>((resolve) => {
        const before = shownAt.get(alert);
        if (before) return resolve(before);
        const end = (at: Date | null) => {
          clearTimeout(timer);
          resolve(at);
        };
        const timer = setTimeout(() => end(null), patienceMs);
        waiting.set(alert, end);
        signal.addEventListener("abort", () => end(null), { once: true });
      }),
  };
}

/** What the server knows of an alert that nobody saw. `sentAt` is its own clock, to the second. */
async function howFar(id: string, sentAt: string | null, signal: AbortSignal): Promise<ProofProblem> {
  const answer = await fetch("/api/push-subscriptions", { signal });
  if (!answer.ok) return problemOfStatus(answer.status);
  const { items }: { items: { id: string; lastAcceptedAt: string | null }[] } = await answer.json();
  const device = items.find((item) => item.id === id);
  // An address that its push service has given up is forgotten.
  if (!device) return "gone";
  const taken = device.lastAcceptedAt !== null && Date.parse(device.lastAcceptedAt) >= Date.parse(sentAt ?? "");
  return taken ? "notShown" : "notTaken";
}
