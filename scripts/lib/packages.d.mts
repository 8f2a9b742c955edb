export type ProgramName = "redis" | "java" | "maven" | "chromium" | "firefox" | "nginx";
export function chromiumPath(): string | undefined;
export function ensurePrograms(names: ProgramName[], options?: { log?: (text: string) => void }): void;
