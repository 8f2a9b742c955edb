/** The relay's cursor in the outbox log. */
export const RELAY_READER = "kafka-relay";

/** The name of a consumer's cursor in the outbox log. */
export function logReaderName(consumer: string): string {
  return `log:${consumer}`;
}

/** The readers of the log that must keep up: with Kafka the relay, without it every consumer. */
export function activeReaders(hasKafka: boolean, consumers: readonly string[]): string[] {
  return hasKafka ? [RELAY_READER] : consumers.map(logReaderName);
}
