import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { onAlertShown } from "./alert-shown";

let worker: EventTarget;
let heard: (string | undefined)[];
const says = (data: unknown) => worker.dispatchEvent(new MessageEvent("message", { data }));
const listen = (over = new AbortController()) => {
  onAlertShown((id) => heard.push(id), over.signal);
  return over;
};

beforeEach(() => {
  heard = [];
  worker = Object.assign(new EventTarget(), { startMessages: vi.fn() });
  vi.stubGlobal("navigator", { serviceWorker: worker });
});
afterEach(() => vi.unstubAllGlobals());

test("hears of each alert, with its id where it has one, and starts the messages", () => {
  listen();
  says({ type: "push-shown", id: "a" });
  says({ type: "push-shown" });
  expect(heard).toEqual(["a", undefined]);
  expect(Reflect.get(worker, "startMessages")).toHaveBeenCalledOnce();
});

test("hears nothing of other messages", () => {
  listen();
  for (const data of [null, "push-shown", { type: "else", id: "a" }]) says(data);
  expect(heard).toEqual([]);
});

test("hears nothing more when it is over", () => {
  const over = listen();
  says({ type: "push-shown", id: "a" });
  over.abort();
  says({ type: "push-shown", id: "b" });
  expect(heard).toEqual(["a"]);
});

test("is silent where there is no service worker", () => {
  vi.stubGlobal("navigator", {});
  listen();
  says({ type: "push-shown", id: "a" });
  expect(heard).toEqual([]);
});
