import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { brokerList, prepareKafka, startBrokers, type Broker } from "@/scripts/lib/services/kafka.mjs";
import { isSame, signalProcess, stopProcess, waitUntil } from "@/scripts/lib/processes.mjs";

/** A cluster that belongs to one test file and may be hurt. */
export interface OwnKafka {
  /** For KAFKA_BROKERS. */
  brokers: string;
  /** Kills broker `index` with SIGKILL, as a crash does. */
  kill(index: number): void;
  /** Ends broker `index` as an operator does: it hands its partitions over first. */
  shutDown(index: number): Promise<void>;
  /** Starts broker `index` again on its port and data, and waits until it listens. */
  restart(index: number): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a Kafka cluster of 1 or 3 brokers for this file alone (about 6 s); `stop()` it in `afterAll`. */
export async function ownKafka(count: 1 | 3 = 1): Promise<OwnKafka> {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), "campus-kafka-"));
  const nodes = await prepareKafka({ dir, count });
  const running = await startBrokers(nodes, { diesWithParent: true });
  const at = (index: number): Broker => {
    const broker = running[index];
    if (!broker) throw new Error(`there is no broker ${index}`);
    return broker;
  };
  return {
    brokers: brokerList(nodes),
    kill: (index) => void signalProcess(at(index).pid, "SIGKILL"),
    shutDown: (index) => stopProcess(at(index), { timeoutMs: 30_000 }),
    async restart(index) {
      await waitUntil(() => !isSame(at(index)), 5_000);
      const [broker] = await startBrokers([at(index).node], { diesWithParent: true });
      if (broker) running[index] = broker;
    },
    async stop() {
      await Promise.all(running.map((broker) => stopProcess(broker, { timeoutMs: 15_000 })));
      fs.rmSync(dir, { recursive: true, force: true });
    },
  };
}
