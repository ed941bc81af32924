/**
 * Sends a request again when it may pass the next time: 429, 500, 503, and connections that failed. A repeated add may find
 * that the lost first one arrived, and be answered `JobExists`, `TaskExists` and the like.
 */
import {
  type PipelinePolicy,
  type PipelineResponse,
  type PipelineRetryOptions,
  RestError,
} from "@azure/core-rest-pipeline";
import type { Timing } from "./timing.ts";

const RETRIED_STATUSES = new Set([429, 500, 503]);

/** Codes of failures that pass; others, such as those of certificates, do not. */
const RETRIED_FAILURES = new Set([
  "EAI_AGAIN",
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EPIPE",
  "ETIMEDOUT",
  // The connection broke within a reply.
  RestError.PARSE_ERROR,
]);

export function retryPolicy(options: PipelineRetryOptions, { clock, sleep }: Timing): PipelinePolicy {
  const { maxRetries = 3, retryDelayInMs = 1_000, maxRetryDelayInMs = 64_000 } = options;

  /** Doubled each time; half of it is chance, so that clients that failed together do not return together. */
  const backoff = (retries: number): number =>
    Math.min(maxRetryDelayInMs, retryDelayInMs * 2 ** retries) * (0.5 + Math.random() / 2);

  return {
    name: "batchRetryPolicy",
    sendRequest: async (request, next) => {
      for (let retries = 0; ; retries++) {
        const outcome = await next(request).catch(transientFailure);
        const isFailure = outcome instanceof RestError;
        if (!isFailure && !RETRIED_STATUSES.has(outcome.status)) return outcome;
        if (retries >= maxRetries) {
          if (isFailure) throw outcome;
          return outcome;
        }
        const wanted = isFailure ? undefined : retryAfter(outcome, clock());
        await sleep(wanted ?? backoff(retries), request.abortSignal as AbortSignal | undefined);
      }
    },
  };
}

/** @throws what no retry would mend */
function transientFailure(failure: unknown): RestError {
  if (failure instanceof RestError && RETRIED_FAILURES.has(failure.code ?? "")) return failure;
  throw failure;
}

/** Milliseconds. RFC 9110 section 10.2.3: seconds or a date. */
function retryAfter({ headers }: PipelineResponse, now: number): number | undefined {
  const value = headers.get("retry-after");
  if (value === undefined) return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1_000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}
