import { expect, test } from "vitest";
import { ServerClock } from "./server-clock";

const header = (ms: number) => new Date(ms).toUTCString();
const T = Date.UTC(2026, 10, 26, 10, 8, 0);

test("before the server was heard it is the device's own time", () => {
  const clock = new ServerClock();
  clock.heard(null, T, T);
  clock.heard("no date", T, T);
  expect(clock.nowMs(T)).toBe(T);
});

test("knows the server's time within half a second after some answers, with a device that is an hour wrong", () => {
  const clock = new ServerClock();
  const aheadMs = 3_600_000;
  for (let n = 0; n < 8; n++) {
    const sentMs = T + n * 3_170;
    clock.heard(header(sentMs + 40), sentMs + aheadMs, sentMs + 80 + aheadMs);
  }
  expect(Math.abs(clock.nowMs(T + 60_000 + aheadMs) - (T + 60_000))).toBeLessThan(500);
});

test("begins anew when the device's clock was set", () => {
  const clock = new ServerClock();
  clock.heard(header(T), T, T + 50);
  clock.heard(header(T + 3_000), T - 7_200_000, T - 7_200_000 + 50);
  expect(Math.abs(clock.nowMs(T - 7_200_000) - (T + 3_000))).toBeLessThan(1_000);
});
