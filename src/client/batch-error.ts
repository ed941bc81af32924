/** The one error that operations fail with. */
import { type PipelineResponse, RestError } from "@azure/core-rest-pipeline";

export interface BatchErrorValue {
  readonly key: string;
  readonly value: string;
}

interface BatchErrorFields {
  readonly status: number;
  readonly code: string | undefined;
  readonly values?: readonly BatchErrorValue[];
  readonly requestId?: string | undefined;
  readonly cause?: unknown;
}

export class BatchError extends Error {
  override readonly name = "BatchError";
  /** Of HTTP; 0 when no reply came. */
  readonly status: number;
  /**
   * The service's, e.g. `JobNotFound`; without a reply the connection's, e.g. `ECONNREFUSED`. Undefined where the reply had
   * no error in it, as those to HEAD.
   */
  readonly code: string | undefined;
  /** What the service adds to its message, such as the name of a wrong property. */
  readonly values: readonly BatchErrorValue[];
  /** What the service calls the request. */
  readonly requestId: string | undefined;

  constructor(message: string, fields: BatchErrorFields) {
    super(message, { cause: fields.cause });
    this.status = fields.status;
    this.code = fields.code;
    this.values = fields.values ?? [];
    this.requestId = fields.requestId;
  }

  static ofResponse({ status, headers, bodyAsText, request }: PipelineResponse): BatchError {
    const { code, message, values } = serviceError(bodyAsText);
    return new BatchError(
      message ?? `${request.method} ${new URL(request.url).pathname} was answered ${status}`,
      {
        status,
        code,
        values: values ?? [],
        requestId: headers.get("request-id"),
      },
    );
  }

  /** A `RestError` becomes one of ours; anything else, such as an `AbortError`, stays what it is. */
  static ofFailure(failure: unknown): unknown {
    if (!(failure instanceof RestError)) return failure;
    return new BatchError(failure.message, { status: 0, code: failure.code, cause: failure });
  }
}

interface ServiceError {
  readonly code?: string;
  readonly message?: string;
  readonly values?: readonly BatchErrorValue[];
}

/** The service's message ends in lines that repeat request id and time; they stay in it. */
function serviceError(body: string | null | undefined): ServiceError {
  try {
    const { code, message, values } = JSON.parse(body ?? "");
    return { code, message: typeof message === "string" ? message : message?.value, values };
  } catch {
    // Written by something between us and the service.
    return {};
  }
}
