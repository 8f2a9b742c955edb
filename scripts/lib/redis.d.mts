import type { RememberedProcess } from "./services.mjs";

export function startRedis(options: {
  dir: string;
  port?: number;
  databases?: number;
  diesWithParent?: boolean;
}): Promise<RememberedProcess & { port: number; url: string }>;
