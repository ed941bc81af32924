/** How the management plane replies, and how it says that something went wrong. Only a fault's public half leaves. */
import type { Fault } from "../../../core/fault.ts";
import type { Exchange } from "../../../http/exchange.ts";
import { batchErrorCodes } from "../../../wire/batch/error-codes.ts";
import { AuthenticationFault } from "./authenticate.ts";

export function replySuccess(
  exchange: Exchange,
  status: number,
  json: object | undefined,
  ownHeaders: readonly string[] = [],
): void {
  const headers = [...commonHeaders(exchange), ...ownHeaders];
  if (json === undefined) exchange.reply(status, headers);
  else exchange.replyJson(status, headers, json);
}

export function replyFault(exchange: Exchange, fault: Fault): void {
  const headers = commonHeaders(exchange);
  if (fault instanceof AuthenticationFault) headers.push("WWW-Authenticate", challenge(exchange, fault));
  const { code, message, values } = fault;
  // The provider of Batch speaks in the data plane's codes about what is in an account.
  const batch: { readonly status: number; readonly message: string } | undefined = BATCH_CODES[code];
  const details = values.map(({ key, value }) => ({ code: key, message: value }));
  const text = message || batch?.message || code;
  const isOfProvider = batch !== undefined || BATCH_PROVIDER_CODES.test(code);
  const error = {
    code,
    message:
      isOfProvider && isBatch(exchange)
        ? `${text}\nRequestId:${exchange.id}\nTime:${new Date().toISOString().replace(/Z$/, "0000Z")}`
        : text,
    ...((details.length > 0 || (isOfProvider && isBatch(exchange))) && { target: "BatchAccount" }),
    ...(details.length > 0 && { details }),
  };
  exchange.replyJson(fault.status ?? batch?.status ?? 500, headers, { error });
}

const BATCH_CODES: Readonly<Record<string, (typeof batchErrorCodes)[keyof typeof batchErrorCodes]>> =
  batchErrorCodes;

/** What Batch's own provider says, and not Resource Manager before it. */
const BATCH_PROVIDER_CODES =
  /^(Account|Application|AutoStorage|InvalidAccountName$|RequestedDefaultVersion|LastAccount$|SubscriptionQuotaExceeded$)/;

const isBatch = ({ path }: Exchange): boolean => /\/providers\/Microsoft\.Batch\//i.test(path);

const CLIENT_ID = /^[\w-]{1,64}$/;

function commonHeaders({ id, headers: sent }: Exchange): string[] {
  const { "x-ms-correlation-request-id": correlation, "x-ms-client-request-id": client } = sent;
  const headers = ["x-ms-request-id", id];
  const isCorrelated = typeof correlation === "string" && CLIENT_ID.test(correlation);
  headers.push("x-ms-correlation-request-id", isCorrelated ? correlation : id);
  if (typeof client === "string" && CLIENT_ID.test(client)) headers.push("x-ms-client-request-id", client);
  headers.push("Cache-Control", "no-store");
  return headers;
}

/** RFC 6750 section 3: names where to sign in. */
function challenge(exchange: Exchange, { tenant, code, message }: AuthenticationFault): string {
  const login = exchange.authority.answeredAs === "arm" ? "https://login.windows.net" : exchange.origin;
  const uri = `Bearer authorization_uri="${login}/${tenant}"`;
  // RFC 6750 section 3.1: a request without any token is told no error code.
  if (code === "AuthenticationFailed") return uri;
  const description = message.replace(/[^\x20-\x7e]|["\\]/g, "?");
  return `${uri}, error="invalid_token", error_description="${description}"`;
}
