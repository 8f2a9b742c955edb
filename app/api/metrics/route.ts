import { notificationConsumer } from "@/lib/notification/kinds/consumer";
import { db } from "@/lib/platform/db/client";
import { env } from "@/lib/platform/runtime/env";
import { recordOutboxAge } from "@/lib/platform/events/log/outbox-age";
import { activeReaders } from "@/lib/platform/events/log/readers";
import { errorForLog, log } from "@/lib/platform/runtime/log";
import { metrics } from "@/lib/platform/runtime/metrics";
import { holdsMetricsToken } from "@/lib/platform/runtime/metrics-token";
import { AppError } from "@/lib/shared/errors";
import { answerHeaders } from "@/lib/web/server/answer-headers";
import { notAllowed } from "@/lib/web/route/method-not-allowed";
import { problemResponse } from "@/lib/web/route/problem";
import { requestedLocale } from "@/messages/locale";
import { requestIdOf } from "@/lib/web/server/request-id";
import { say } from "@/lib/shared/say";

/** Metrics of this process as text; not by `route()`, whose answers are JSON. */
export async function GET(request: Request): Promise<Response> {
  const requestId = requestIdOf(request.headers);
  const locale = requestedLocale(request.headers.get("accept-language"));
  const held = holdsMetricsToken(request.headers.get("authorization"));
  if (held === "notConfigured") return problemResponse(new AppError("not_found"), requestId, locale);
  if (held === "no")
    return problemResponse(new AppError("unauthenticated", { detail: say("detail.metricsToken") }), requestId, locale);
  await measureOutbox(requestId);
  const headers = answerHeaders(requestId);
  headers.set("content-type", metrics().contentType);
  return new Response(await metrics().metrics(), { headers });
}

/** The lag of the log's readers. Without a database the other metrics are still answered: then they matter most. */
async function measureOutbox(requestId: string): Promise<void> {
  const readers = activeReaders(Boolean(env().KAFKA_BROKERS?.length), [notificationConsumer.name]);
  await recordOutboxAge(db(), readers).catch((error: unknown) => {
    log().warn({ requestId, err: errorForLog(error) }, "outbox age not measured");
  });
}

export const { POST, PUT, DELETE, PATCH, OPTIONS } = notAllowed("GET");
