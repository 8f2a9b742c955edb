export function isPortFree(port: number, host?: string): Promise<boolean>;
export function isListening(port: number, timeoutMs?: number): Promise<boolean>;
export function freePort(preferred?: number): Promise<number>;
export function freePorts(count: number): Promise<number[]>;
export function parsePort(value: string | undefined, fallback: number): number;
