/**
 * The secrets that this test process has seen: what its services were told and what they gave out. Requests to servers of this process are
 * watched as they come in; of services elsewhere, the ready line and the commands' output tell. Owns the list; `leak-search.fixture.ts` looks.
 */
import { subscribe } from "node:diagnostics_channel";
import type { IncomingMessage, ServerResponse } from "node:http";

/** Shorter ones are words as well. */
const MIN_LENGTH = 8;
/** A bigger body holds no secret of a sign-in. */
const MAX_BODY = 65_536;

const seen = new Map<string, string>();

/** By value: what each is. */
export const seenSecrets: ReadonlyMap<string, string> = seen;

export function noteSecret(what: string, value: string | null | undefined): void {
  // Tokens are recognised without being known.
  if (value && value.length >= MIN_LENGTH && !value.startsWith("eyJ")) seen.set(value, what);
}

/** Of a ready line, or `credentials.json`. */
export function noteCredentials(given: object): void {
  const { accountKey, clientSecret, password } = given as Record<string, string | null | undefined>;
  noteSecret("the account's key", accountKey);
  noteSecret("the application's secret", clientSecret);
  noteSecret("the user's password", password);
}

/** Verifiers are found by their challenges; a stranger may present a challenge as one. */
const FORM_FIELDS = [
  "password",
  "client_secret",
  "code",
  "device_code",
  "user_code",
  "refresh_token",
  "client_assertion",
  "assertion",
];
const JSON_FIELDS =
  /"(password|secretText|refresh_token|device_code|user_code|primary|secondary)": ?"([^"\\]+)"/g;

/** Of JSON, whole or in lines. */
export function noteSecretsInJson(text: string): void {
  for (const [, name = "", value] of text.matchAll(JSON_FIELDS)) noteSecret(`a ${name}`, value);
}

/** Watches all HTTP servers of this process, without a difference to them. */
export function watchRequests(): void {
  if (isWatching) return;
  isWatching = true;
  subscribe("http.server.request.start", (message) => {
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
    noteSecret("a credential in a header", request.headers.authorization?.split(" ")[1]);
    watchBody(request);
    watchReply(response);
  });
}
let isWatching = false;

function watchBody(request: IncomingMessage): void {
  if (request.method === "GET" || Number(request.headers["content-length"] ?? MAX_BODY + 1) > MAX_BODY)
    return;
  const emit = request.emit.bind(request);
  let body = "";
  request.emit = (name: string, ...parameters: unknown[]) => {
    if (name === "data") body += String(parameters[0]);
    if (name === "end") noteSecretsInBody(body);
    return emit(name, ...(parameters as []));
  };
}

function noteSecretsInBody(body: string): void {
  if (body.startsWith("{")) noteSecretsInJson(body);
  else {
    const form = new URLSearchParams(body);
    for (const name of FORM_FIELDS) noteSecret(`a ${name}`, form.get(name));
  }
}

function watchReply(response: ServerResponse): void {
  const end = response.end.bind(response) as (...parameters: unknown[]) => ServerResponse;
  response.end = (...parameters: unknown[]) => {
    const [body] = parameters;
    if (typeof body === "string" && body.length <= MAX_BODY) noteSecretsInJson(body);
    return end(...parameters);
  };
}
