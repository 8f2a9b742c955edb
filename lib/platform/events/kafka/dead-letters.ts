import type { IHeaders, Kafka, KafkaMessage, Message, Producer } from "kafkajs";
import type { DeadLetterInput } from "../delivery/dead-letters";
import { singleProducer } from "./client";

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
      await this.write(topic, { key: message.key, value: message.value, headers });
    } catch (error) {
      if (!isTooLarge(error)) throw error;
      // A topic that was made with a smaller limit: without its value, rather than never. The origin still has it.
      const leftOut = { "value-left-out-bytes": String(message.value?.length ?? 0) };
      await this.write(topic, { key: message.key, value: null, headers: { ...headers, ...leftOut } });
    }
  }

  private async write(topic: string, message: Message): Promise<void> {
    try {
      this.producer ??= await singleProducer(this.kafka);
      await this.producer.send({ topic: `${topic}.dlq`, acks: -1, messages: [message] });
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

function isTooLarge(error: unknown): boolean {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error && "type" in cause && cause.type === "MESSAGE_TOO_LARGE";
}
