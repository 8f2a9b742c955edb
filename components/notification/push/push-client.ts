// What a page does about pushes in the browser. Plain functions without React, shared by all leaves of a page.

export type PushProblem = "dismissed" | "unanswered" | "timeout" | "failed" | "taken" | "refused" | "offline";
export type PushState =
  | { kind: "unsupported" | "ios" | "off" | "denied" }
  /** `id`: of this browser's subscription on the server. */
  | { kind: "on"; id: string }
  | { kind: "problem"; problem: PushProblem };

/** `subscribe()` of a browser that cannot reach its push service may wait for ever. */
const SUBSCRIBE_TIMEOUT_MS = 10_000;
/** A person needs a moment to answer; a browser that keeps the question behind an icon never answers. */
const PERMISSION_TIMEOUT_MS = 45_000;
/**
 * Remembers that this browser was switched on, so that a subscription that the browser lost is made again. Whose wish it
 * was is the server's to know: it renews what this browser has of the person who is signed in, and nothing else.
 */
const WISH = "campus.push";

let synced: Promise<PushState> | undefined;

/**
 * Brings the browser's subscription to the server, once a page load however many leaves ask: browsers renew and lose
 * subscriptions without telling anybody. Never asks for permission and never turns anything on: a subscription that the
 * server does not know as this person's (removed, signed out of, somebody else's) is ended.
 */
export function syncPush(publicKey: string): Promise<PushState> {
  return (synced ??= sync(publicKey).catch((): PushState => ({ kind: "off" })));
}

/** Turns pushes on. Call it from a tap: the browser asks for permission only then. */
export async function turnOnPush(publicKey: string): Promise<PushState> {
  const outcome = await turnOn(publicKey).catch(problemOf);
  synced = Promise.resolve(outcome);
  return outcome;
}

/** Ends this browser's subscription on the server and here. Throws, with everything as it was, when the server did not. */
export async function turnOffPush(id: string): Promise<PushState> {
  const answer = await fetch(`/api/push-subscriptions/${id}`, { method: "DELETE" });
  // 404: the server has forgotten it already.
  if (!answer.ok && answer.status !== 404) throw new Error(`status ${answer.status}`);
  return endPush();
}

/**
 * Ends this browser's subscription here: its address is dead, so that what still waits at the push service shows at
 * nobody. What is on the screen already goes too. The server is told by whoever calls this.
 */
export async function endPush(): Promise<PushState> {
  const off: PushState = { kind: "off" };
  synced = Promise.resolve(off);
  localStorage.removeItem(WISH);
  const registration = await navigator.serviceWorker?.getRegistration();
  for (const shown of (await registration?.getNotifications()) ?? []) shown.close();
  await (await registration?.pushManager.getSubscription())?.unsubscribe();
  return off;
}

async function sync(publicKey: string): Promise<PushState> {
  const missing = unsupported();
  if (missing) return missing;
  if (Notification.permission === "denied") return { kind: "denied" };
  if (Notification.permission !== "granted") return { kind: "off" };
  const registration = await register();
  const existing = await registration.pushManager.getSubscription();
  if (!existing && localStorage.getItem(WISH) === null) return { kind: "off" };
  return store(registration, publicKey, true);
}

async function turnOn(publicKey: string): Promise<PushState> {
  const missing = unsupported();
  if (missing) return missing;
  if (!navigator.onLine) return { kind: "problem", problem: "offline" };
  const permission = await inTime(Notification.requestPermission(), PERMISSION_TIMEOUT_MS).catch(unanswered);
  if (permission === null) return { kind: "problem", problem: "unanswered" };
  if (permission === "denied") return { kind: "denied" };
  if (permission !== "granted") return { kind: "problem", problem: "dismissed" };
  const registration = await register();
  const state = await store(registration, publicKey, false);
  if (state.kind === "on") localStorage.setItem(WISH, "on");
  return state;
}

function unsupported(): PushState | null {
  if ("serviceWorker" in navigator && "PushManager" in window && "Notification" in window) return null;
  const apple =
    /iPhone|iPad|iPod/.test(navigator.userAgent) ||
    (/Macintosh/.test(navigator.userAgent) && navigator.maxTouchPoints > 1);
  return { kind: apple ? "ios" : "unsupported" };
}

/** Registers the service worker where the browser has one. It also shows the page that says there is no network. */
export async function registerWorker(): Promise<void> {
  await navigator.serviceWorker?.register("/sw.js", { updateViaCache: "none" });
}

async function register(): Promise<ServiceWorkerRegistration> {
  await registerWorker();
  return inTime(navigator.serviceWorker.ready);
}

async function subscribe(registration: ServiceWorkerRegistration, publicKey: string): Promise<PushSubscription> {
  const existing = await registration.pushManager.getSubscription();
  if (existing && keyOf(existing) === publicKey) return existing;
  // A subscription is bound to the key it was made with; with another key the browser refuses until it is gone.
  await existing?.unsubscribe();
  return inTime(registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: publicKey }));
}

async function store(registration: ServiceWorkerRegistration, publicKey: string, renewal: boolean): Promise<PushState> {
  const subscription = await subscribe(registration, publicKey);
  let answer = await post(subscription, renewal);
  if (answer.status === 409) {
    await subscription.unsubscribe();
    answer = await post(await subscribe(registration, publicKey), renewal);
  }
  if (answer.status === 404 && renewal) return endPush();
  if (answer.status === 201) {
    const { id }: { id: string } = await answer.json();
    return { kind: "on", id };
  }
  if (answer.status === 409) return { kind: "problem", problem: "taken" };
  return { kind: "problem", problem: answer.status === 400 ? "refused" : "failed" };
}

function post(subscription: PushSubscription, renewal: boolean): Promise<Response> {
  return fetch("/api/push-subscriptions", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ ...subscription.toJSON(), renewal }),
  });
}

class PushTimeout extends Error {}

function unanswered(error: unknown): null {
  if (error instanceof PushTimeout) return null;
  throw error;
}

async function inTime<T>(work: Promise<T>, timeoutMs = SUBSCRIBE_TIMEOUT_MS): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new PushTimeout()), timeoutMs);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

function problemOf(error: unknown): PushState {
  if (error instanceof PushTimeout) return { kind: "problem", problem: "timeout" };
  return { kind: "problem", problem: navigator.onLine ? "failed" : "offline" };
}

function keyOf(subscription: PushSubscription): string {
  const bytes = new Uint8Array(subscription.options.applicationServerKey ?? new ArrayBuffer(0));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}
