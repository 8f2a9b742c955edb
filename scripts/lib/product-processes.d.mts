import type { ChildProcess } from "node:child_process";

export function webArguments(port: number, options?: { dev?: boolean }): string[];
export function workerArguments(options?: { dev?: boolean; roles?: string[] }): string[];
export function productEnvironment(options: {
  port: number;
  publicUrl: string;
  dataDir: string;
  databaseUrl: string;
  demo: boolean;
  dev?: boolean;
}): Record<string, string>;
export function spawnProduct(
  args: string[],
  options: { env: Record<string, string | undefined>; logFile: string },
): ChildProcess;
export function isReady(
  url: string,
  options?: { startId?: string; onAnswer?: (answer: string) => void },
): Promise<boolean>;
