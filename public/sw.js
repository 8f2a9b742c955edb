// The service worker: shows pushes, opens what they are about, keeps the subscription alive, and shows a page of ours
// when somebody goes to a page and there is no network. That one page, which is nobody's, is all it caches; it answers
// nothing else, and whatever comes from the network goes through untouched.
"use strict";

const FALLBACK = { title: "CampusOS", body: "Open CampusOS for details.", navigate: "/inbox", tag: "campusos" };

// Named after the page's text (lib/web/page/plain-page.ts; a test compares them): another text makes another worker, which
// fetches the page anew.
const OFFLINE = { cache: "offline-97dd6cc19132", address: "/offline" };

self.addEventListener("install", (event) => {
  self.skipWaiting();
  // Without the page everything else must work all the same.
  event.waitUntil(keepOfflinePage().catch(() => undefined));
  // What is no page does not even wake this worker, where a browser can be told so.
  const notPages = ["same-origin", "no-cors", "cors"].map((requestMode) => ({ requestMode }));
  const isTold = event.addRoutes?.({ condition: { or: notPages }, source: "network" });
  event.waitUntil(Promise.resolve(isTold).catch(() => undefined));
});
self.addEventListener("activate", (event) => {
  event.waitUntil(self.clients.claim());
  event.waitUntil(self.registration.navigationPreload?.enable().catch(() => undefined));
  event.waitUntil(dropOldCaches());
});

async function keepOfflinePage() {
  const cache = await caches.open(OFFLINE.cache);
  if (await cache.match(OFFLINE.address)) return;
  // Without cookies: what is kept can hold nothing of whoever is signed in.
  const answer = await fetch(OFFLINE.address, { cache: "no-store", credentials: "omit" });
  // While a new version is rolled out an old server may answer: then another time.
  if (answer.headers.get("x-page-version") === OFFLINE.cache) await cache.put(OFFLINE.address, answer);
}

async function dropOldCaches() {
  for (const name of await caches.keys()) if (name !== OFFLINE.cache) await caches.delete(name);
}

self.addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  if (method !== "GET" || mode !== "navigate" || new URL(url).origin !== self.location.origin) return;
  event.respondWith(fromNetwork(event));
  // In case this worker was installed at a bad moment.
  event.waitUntil(keepOfflinePage().catch(() => undefined));
});

async function fromNetwork(event) {
  try {
    // The browser began to fetch the page before this worker was awake, where it can.
    return (await event.preloadResponse) ?? (await fetch(event.request));
  } catch (error) {
    const kept = await caches.match(OFFLINE.address, { cacheName: OFFLINE.cache }).catch(() => undefined);
    if (kept) return kept;
    throw error;
  }
}

// A push must always show something: browsers withdraw the permission of sites that receive silently.
self.addEventListener("push", (event) => event.waitUntil(show(event.data)));

async function show(data) {
  const message = read(data);
  try {
    const [shown] = await self.registration.getNotifications({ tag: message.tag });
    // A correction is on the screen already and its older alert comes late: the newer one stays.
    const older = shown?.data && shown.data.revision > message.revision;
    const { title, body, navigate, revision, id } = older
      ? { ...message, title: shown.title, body: shown.body, ...shown.data }
      : message;
    await self.registration.showNotification(title, {
      body,
      tag: message.tag,
      renotify: !older && Boolean(shown) && shown.data?.revision !== revision,
      icon: "/icons/icon-192.png",
      badge: "/icons/badge-96.png",
      data: { navigate, revision, id },
    });
  } catch {
    await self.registration.showNotification(FALLBACK.title, { body: FALLBACK.body, data: FALLBACK });
  }
  await tellPages({ type: "push-shown", id: message.id });
}

function read(data) {
  try {
    const { notification } = data.json();
    return {
      title: String(notification.title || FALLBACK.title),
      body: String(notification.body || FALLBACK.body),
      navigate: String(notification.navigate || FALLBACK.navigate),
      tag: String(notification.tag || FALLBACK.tag),
      revision: Number(notification.data?.revision) || 0,
      id: String(notification.data?.id || ""),
    };
  } catch {
    return { ...FALLBACK, revision: 0, id: "" };
  }
}

async function tellPages(message) {
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  for (const page of pages) page.postMessage(message);
}

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data?.navigate));
});

// Only pages of our own open, whatever a message says. A page that shows something else stays as it is: somebody may
// have begun to write there.
async function open(navigate) {
  const target = new URL(navigate || FALLBACK.navigate, self.location.origin);
  const address = target.origin === self.location.origin ? target.href : new URL("/inbox", self.location.origin).href;
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const page = pages.find((candidate) => candidate.url === address);
  try {
    if (page && (await page.focus())) return;
  } catch {
    // The browser does not let us bring it to the front: open another.
  }
  await self.clients.openWindow(address);
}

self.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(renew(event)));

async function renew(event) {
  let subscription = event.newSubscription;
  if (!subscription) {
    const answer = await fetch("/api/push/public-key");
    const { publicKey } = await answer.json();
    subscription = await self.registration.pushManager.subscribe({
      userVisibleOnly: true,
      applicationServerKey: publicKey,
    });
  }
  // Not signed in by now: the next page load of a signed-in person brings it to the server.
  const answer = await fetch("/api/push-subscriptions", {
    method: "POST",
    credentials: "same-origin",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ ...subscription.toJSON(), renewal: true }),
  });
  // The device was removed or signed out of, or it is somebody else's browser now.
  if (answer.status === 404) await subscription.unsubscribe();
}
