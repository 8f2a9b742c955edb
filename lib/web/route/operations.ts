import { z } from "zod";
import { operation } from "@/lib/shared/operation";

const state = z.enum(["up", "down"]);

export const liveOperation = operation({
  id: "live",
  method: "GET",
  path: "/api/health/live",
  summary: "This process answers",
  tag: "operations",
  access: "public",
  responses: { 200: z.object({ status: z.literal("live") }) },
  errors: [],
});

const readiness = z.object({
  status: z.enum(["ready", "notReady"]),
  dependencies: z.object({
    database: state,
    migrations: state,
    redis: state.optional(),
    kafka: state.optional(),
  }),
});

export const readyOperation = operation({
  id: "ready",
  method: "GET",
  path: "/api/health/ready",
  summary: "Whether to send people here, with each dependency by name; Redis or Kafka away is told, not fatal",
  tag: "operations",
  access: "public",
  responses: { 200: readiness, 503: readiness },
  errors: [],
});

export const metricsOperation = operation({
  id: "metrics",
  method: "GET",
  path: "/api/metrics",
  summary: "Metrics in Prometheus' text format, for `Authorization: Bearer <METRICS_TOKEN>`; 404 when no token is set",
  tag: "operations",
  access: "public",
  responses: { 200: z.string() },
  errors: ["unauthenticated", "not_found"],
});

export const openApiOperation = operation({
  id: "openApi",
  method: "GET",
  path: "/api/openapi.json",
  summary: "This document",
  tag: "operations",
  access: "public",
  responses: { 200: z.looseObject({ openapi: z.string() }) },
  errors: [],
});

export const operations = [liveOperation, readyOperation, metricsOperation, openApiOperation] as const;
