import type { RememberedProcess } from "./services.mjs";

export function isAlive(pid: number): boolean;
export function identityOf(pid: number): string | undefined;
export function describeProcess(pid: number): RememberedProcess;
export function isSame(remembered: RememberedProcess | undefined): boolean;
export function signalProcess(pid: number, signal: NodeJS.Signals | 0): boolean;
export function waitUntil(
  isDone: () => boolean | Promise<boolean>,
  timeoutMs: number,
  everyMs?: number,
): Promise<boolean>;
export function stopProcess(
  remembered: RememberedProcess,
  options?: { signal?: NodeJS.Signals; timeoutMs?: number },
): Promise<void>;
export function commandExists(name: string): boolean;
export function tailOf(file: string, lines?: number): string;
export function sleep(delayMs: number): Promise<void>;
