/**
 * Calls `changed` when a person allows or blocks notifications somewhere else: in the settings of the browser or of the
 * system, or late in the browser's own question. Browsers that do not tell are asked whenever the page comes back.
 */
export function watchPermission(changed: (permission: NotificationPermission) => void): () => void {
  if (!("Notification" in window)) return () => undefined;
  const { signal, abort } = controller();
  let known = Notification.permission;
  const look = () => {
    if (signal.aborted || Notification.permission === known) return;
    known = Notification.permission;
    changed(known);
  };
  document.addEventListener("visibilitychange", look, { signal });
  window.addEventListener("focus", look, { signal });
  if ("permissions" in navigator)
    void navigator.permissions.query({ name: "notifications" }).then(
      (status) => status.addEventListener("change", look, { signal }),
      () => undefined, // a browser that knows permissions, but not this one
    );
  return abort;
}

function controller() {
  const made = new AbortController();
  return { signal: made.signal, abort: () => made.abort() };
}
