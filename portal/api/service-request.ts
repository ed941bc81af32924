/** One request to a plane of the service, with the user's token, and what a refusal says. Knows no resource. */
import { accessToken, type Resource } from "./session.ts";

/** What the service answered instead of doing what was asked. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  /** Under which *Refused requests* explains it, where it was refused for want of a permission. */
  readonly requestId: string | null;

  constructor(status: number, code: string, message: string, requestId: string | null) {
    super(message);
    this.status = status;
    this.code = code;
    this.requestId = requestId;
  }

  get isForbidden(): boolean {
    return this.status === 403;
  }
}

/** The service does not answer: it is being restarted, or the machine is out of reach. */
export class Unreachable extends Error {
  constructor() {
    super("The service does not answer. This page goes on by itself as soon as it does.");
  }
}

export interface Ask {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD";
  readonly body?: object | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly contentType?: string;
  readonly signal?: AbortSignal | undefined;
}

/** @param path on this page's own origin @throws Refusal, Unreachable, SessionEnded */
export async function ask(resource: Resource, path: string, ask: Ask = {}): Promise<Response> {
  const { method = "GET", body, headers, contentType = "application/json", signal } = ask;
  const response = await fetch(path, {
    method,
    headers: {
      authorization: `Bearer ${await token(resource)}`,
      ...(body !== undefined && { "content-type": contentType }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(signal && { signal }),
    cache: "no-store",
    credentials: "omit",
  }).catch((error: unknown) => {
    throw error instanceof TypeError ? new Unreachable() : error;
  });
  if (!response.ok) throw await refusalOf(response);
  return response;
}

async function token(resource: Resource): Promise<string> {
  try {
    return await accessToken(resource);
  } catch (error) {
    throw error instanceof TypeError ? new Unreachable() : error;
  }
}

export async function askJson<Value>(resource: Resource, path: string, asked?: Ask): Promise<Value> {
  const text = await (await ask(resource, path, asked)).text();
  return (text === "" ? undefined : JSON.parse(text)) as Value;
}

interface ErrorBody {
  readonly code?: string;
  readonly message?: string | { readonly value?: string };
  readonly error?: { readonly code?: string; readonly message?: string };
  readonly values?: readonly { readonly key: string; readonly value: string }[];
}

async function refusalOf(response: Response): Promise<Refusal> {
  const { status, headers } = response;
  const text = await response.text();
  const requestId = headers.get("x-ms-request-id") ?? headers.get("request-id");
  const body = parsed(text);
  const own = body.error ?? body;
  const message = typeof own.message === "object" ? own.message.value : own.message;
  const details = (body.values ?? []).map(({ key, value }) => `${key}: ${value}`);
  // The Batch service ends its messages with the request's id and time.
  const said = (message ?? (text || `The service answered ${status}.`)).split("\nRequestId:")[0] ?? "";
  return new Refusal(status, own.code ?? String(status), [said, ...details].join("\n"), requestId);
}

function parsed(text: string): ErrorBody {
  try {
    return JSON.parse(text) as ErrorBody;
  } catch {
    return {};
  }
}
