import type { RememberedProcess } from "./services.mjs";

/** A node that is formatted and can be started. */
export interface KafkaNode {
  id: number;
  port: number;
  dataDir: string;
  logFile: string;
}
/** A node that runs. */
export interface Broker extends RememberedProcess {
  node: KafkaNode;
}
export function kafkaJars(): string;
export function prepareKafka(options: { dir: string; count: number; running?: boolean }): Promise<KafkaNode[]>;
export function propertiesText(settings: Record<string, string | number | boolean>): string;
export function startBrokers(nodes: KafkaNode[], options?: { diesWithParent?: boolean }): Promise<Broker[]>;
export function brokerList(nodes: KafkaNode[]): string;
