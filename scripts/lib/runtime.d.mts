export const root: string;
export function nodeBinary(): string;
export function nodeArguments(file: string): string[];
export function assertNodeVersion(version?: string): void;
