/**
 * Calls `then` with the id of each alert that the service worker shows while this page is open, until `over`. On plain
 * http, where there is no service worker, never.
 */
export function onAlertShown(then: (id: string | undefined) => void, over: AbortSignal): void {
  if (!("serviceWorker" in navigator)) return;
  const heard = ({ data }: MessageEvent<{ type?: string; id?: string } | null>) => {
    if (data?.type === "push-shown") then(data.id);
  };
  navigator.serviceWorker.addEventListener("message", heard, { signal: over });
  navigator.serviceWorker.startMessages(); // also while the page is still being read
}
