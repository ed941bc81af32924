/** One HTTP request with a JSON reply, trusting the service's own CA. Follows no redirect and repeats nothing. */
import { request as overHttps } from "node:https";
import { text } from "node:stream/consumers";
import { nodeHttp } from "../../core/node-http.ts";

const TIMEOUT_MS = 10_000;

export interface JsonRequest {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** PEM; what an `https:` URL must be signed by. */
  readonly ca?: string;
}

/** Any reply that is no success. */
export class HttpStatusError extends Error {
  readonly status: number;
  readonly content: string;

  constructor(status: number, what: string, content: string) {
    super(`${status} from ${what}`);
    this.status = status;
    this.content = content;
  }
}

/**
 * The reply's JSON; undefined for a reply without a body.
 * @throws HttpStatusError; another Error when nobody answers in time, or not in JSON.
 */
export async function requestJson(url: string, { method = "GET", headers = {}, body, ca }: JsonRequest = {}) {
  const { statusCode, content } = await new Promise<{ statusCode: number; content: string }>(
    (resolve, reject) => {
      const request = (url.startsWith("https:") ? overHttps : nodeHttp.request)(
        url,
        { method, headers, agent: false, signal: AbortSignal.timeout(TIMEOUT_MS), ...(ca && { ca }) },
        (response) => {
          text(response).then(
            (content) => resolve({ statusCode: response.statusCode ?? 0, content }),
            reject,
          );
        },
      );
      request.on("error", reject);
      request.end(body);
    },
  );
  if (statusCode < 200 || statusCode > 299)
    throw new HttpStatusError(statusCode, `${method} ${url}`, content);
  return content === "" ? undefined : (JSON.parse(content) as unknown);
}
