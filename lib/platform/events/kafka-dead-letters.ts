import type { IHeaders, Kafka, KafkaMessage, Producer } from "kafkajs";
import type { DeadLetterInput } from "./dead-letters";
import { connectedProducer } from "./kafka-client";

/** A message as it came, and where it came from. */
export type OriginalMessage = { topic: string; partition: number; message: KafkaMessage };

/**
 * Publishes set-aside messages to `<topic>.dlq`: key, value and headers as they were, and in further headers who set it
 * aside, why, after how many attempts, and where it stood.
 */
export class KafkaDeadLetters {
  private producer: Producer | undefined;
  private last: Promise<void> = Promise.resolve();

  constructor(private readonly kafka: Kafka) {}

  /** One at a time; throws when Kafka did not take it. */
  publish(original: OriginalMessage, letter: Omit<DeadLetterInput, "envelope">): Promise<void> {
    const turn = this.last.then(() => this.send(original, letter));
    this.last = turn.catch(() => {});
    return turn;
  }

  /** Waits for what is being sent and disconnects. */
  async close(): Promise<void> {
    await this.last;
    await this.dispose();
  }

  private async send({ topic, partition, message }: OriginalMessage, letter: Omit<DeadLetterInput, "envelope">) {
    const headers: IHeaders = {
      ...message.headers,
      consumer: letter.consumer,
      reason: letter.reason,
      attempts: String(letter.attempts),
      "origin-topic": topic,
      "origin-partition": String(partition),
      "origin-offset": message.offset,
    };
    try {
      this.producer ??= await connectedProducer(this.kafka);
      await this.producer.send({
        topic: `${topic}.dlq`,
        acks: -1,
        messages: [{ key: message.key, value: message.value, headers }],
      });
    } catch (error) {
      await this.dispose();
      throw error;
    }
  }

  private async dispose(): Promise<void> {
    const old = this.producer;
    this.producer = undefined;
    await old?.disconnect().catch(() => {});
  }
}
