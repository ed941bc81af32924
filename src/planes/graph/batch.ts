/**
 * `POST /$batch`: up to twenty requests in one body, each answered as if it had come alone and with a status of its own; one that depends on
 * others waits for them, and is not sent where one of them failed. Source: "Combine multiple HTTP requests using JSON batching".
 */
import type { Exchange } from "../../http/exchange.ts";
import { InnerExchange } from "../../http/inner-exchange.ts";
import { badQuery } from "./request/query-fault.ts";

const REQUESTS_MAX = 20;
/** Ours: of all requests together, which may have as much as one that comes alone. */
const BODY_MAX_BYTES = 1024 * 1024;
/** Ours: what a request that comes alone may have of line and headers. */
const HEAD_MAX_CHARACTERS = 32 * 1024;
const METHODS = new Set(["GET", "POST", "PATCH", "PUT", "DELETE"]);

interface Request {
  readonly id: string;
  readonly method: string;
  readonly url: string;
  readonly dependsOn: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

interface Response {
  readonly id: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** @returns the version below which it stands; undefined for every other request */
export function batchVersion({ method, segments }: Exchange): string | undefined {
  const [version, last, ...more] = segments.filter((segment) => segment !== "");
  return method === "POST" && last?.toLowerCase() === "$batch" && more.length === 0 ? version : undefined;
}

/**
 * @param answer answers a request inside
 * @throws Fault BadRequest, RequestBodyTooLarge
 */
export async function answerBatch(
  exchange: Exchange,
  version: string,
  answer: (inner: InnerExchange) => Promise<void>,
): Promise<object> {
  const requests = requestsOf(await exchange.readBody(BODY_MAX_BYTES));
  const responses = new Map<string, Response>();
  for (const request of inOrder(requests)) {
    const failed = request.dependsOn.some((id) => (responses.get(id)?.status ?? 0) >= 400);
    const response = failed ? dependencyFailed(request) : await send(exchange, version, request, answer);
    responses.set(request.id, response);
  }
  return { responses: requests.map(({ id }) => responses.get(id)) };
}

async function send(
  exchange: Exchange,
  version: string,
  { id, method, url, headers, body }: Request,
  answer: (inner: InnerExchange) => Promise<void>,
): Promise<Response> {
  const { authorization } = exchange.headers;
  const inner = new InnerExchange(exchange, {
    method,
    target: `/${version}/${url.replace(/^\/+/, "")}`,
    headers: { ...headers, ...(authorization !== undefined && { authorization }) },
    body: body === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(body)),
  });
  await answer(inner);
  const reply = inner.answer;
  const type =
    Object.entries(reply.headers).find(([name]) => name.toLowerCase() === "content-type")?.[1] ?? "";
  const shown = Object.fromEntries(
    Object.entries(reply.headers).filter(([name]) => !/^content-length$/i.test(name)),
  );
  if (reply.body === "") return { id, status: reply.status, headers: shown };
  const content = type.includes("json") ? (JSON.parse(reply.body) as unknown) : reply.body;
  return { id, status: reply.status, headers: shown, body: content };
}

const dependencyFailed = ({ id }: Request): Response => ({
  id,
  status: 424,
  headers: { "content-type": "application/json" },
  body: { error: { code: "FailedDependency", message: "A request that this one depends on failed." } },
});

/** Each after those that it depends on. @throws Fault BadRequest for a circle */
function inOrder(requests: readonly Request[]): readonly Request[] {
  const sorted = new Set<Request>();
  let waiting = [...requests];
  while (waiting.length > 0) {
    const done = new Set([...sorted].map(({ id }) => id));
    const ready = waiting.filter(({ dependsOn }) => dependsOn.every((id) => done.has(id)));
    if (ready.length === 0) throw badQuery("Requests of the batch depend on each other in a circle.");
    for (const request of ready) sorted.add(request);
    waiting = waiting.filter((request) => !sorted.has(request));
  }
  return [...sorted];
}

function requestsOf(bytes: Buffer): readonly Request[] {
  let body: unknown;
  try {
    body = JSON.parse(bytes.toString("utf8"));
  } catch {
    throw badQuery("Unable to read JSON request payload.");
  }
  const { requests } = isObject(body) ? body : {};
  if (!Array.isArray(requests)) throw badQuery("'requests' must be a list.");
  if (requests.length > REQUESTS_MAX)
    throw badQuery(`Number of batch request steps exceeds the maximum value of ${REQUESTS_MAX}.`);
  const read = requests.map(requestOf);
  const ids = new Set(read.map(({ id }) => id));
  if (ids.size !== read.length) throw badQuery("Two requests of the batch have the same id.");
  const unknown = read.flatMap(({ dependsOn }) => dependsOn).find((id) => !ids.has(id));
  if (unknown !== undefined)
    throw badQuery(`'dependsOn' names '${unknown.slice(0, 40)}', which is none of the batch.`);
  return read;
}

function requestOf(value: unknown): Request {
  if (!isObject(value)) throw badQuery("Each request of the batch must be an object.");
  const { id, method, url, dependsOn = [], headers = {}, body } = value;
  if (typeof id !== "string" || id === "") throw badQuery("Each request of the batch must have an 'id'.");
  const word = typeof method === "string" ? method.toUpperCase() : "";
  if (!METHODS.has(word)) throw badQuery(`The 'method' of request '${id.slice(0, 40)}' is none.`);
  if (typeof url !== "string" || url === "" || /^https?:/i.test(url) || /^\/*\$batch/i.test(url))
    throw badQuery(`The 'url' of request '${id.slice(0, 40)}' must be one below the version, and no batch.`);
  if (
    !Array.isArray(dependsOn) ||
    dependsOn.length > REQUESTS_MAX ||
    !dependsOn.every((each) => typeof each === "string")
  )
    throw badQuery(
      `'dependsOn' of request '${id.slice(0, 40)}' must be a list of at most ${REQUESTS_MAX} ids.`,
    );
  const named = Object.entries(isObject(headers) ? headers : {})
    .filter((entry): entry is [string, string] => typeof entry[1] === "string")
    .map(([name, text]) => [name.toLowerCase(), text] as const);
  if (named.reduce((sum, [name, text]) => sum + name.length + text.length, url.length) > HEAD_MAX_CHARACTERS)
    throw badQuery(
      `'url' and 'headers' of request '${id.slice(0, 40)}' may have ${HEAD_MAX_CHARACTERS} characters.`,
    );
  return { id, method: word, url, dependsOn, headers: Object.fromEntries(named), body };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
