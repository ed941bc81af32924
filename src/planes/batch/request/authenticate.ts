/** Who sends a request: the bearer of an access token for this audience, or a holder of the account's key. */
import type { Access } from "../../../app/access/access.ts";
import type { AccountHandle } from "../../../app/accounts/account-handle.ts";
import { type TaskBearer, TaskTokens } from "../../../app/accounts/task-tokens.ts";
import type {
  AccessTokenVerifier,
  TokenPrincipal,
  TokenRefusal,
} from "../../../app/directory/access-token-verify.ts";
import type { PrincipalState } from "../../../app/directory/principal-state.ts";
import { Fault } from "../../../core/fault.ts";
import type { AuthenticationMode } from "../../../core/management/account-spec.ts";
import type { Exchange } from "../../../http/exchange.ts";
import {
  BATCH_AUDIENCE,
  BATCH_DELEGATED_PERMISSION,
  LENIENT_BATCH_AUDIENCES,
} from "../../../wire/batch/audiences.ts";
import { MAX_CLOCK_SKEW_MS, type SharedKeyRefusal, sharedKeyVerify } from "./shared-key.ts";

export type Caller =
  | { readonly kind: "principal"; readonly principal: TokenPrincipal }
  /** A running task, on its own job. */
  | { readonly kind: "task"; readonly task: TaskBearer }
  /** Full access; knows no roles. */
  | { readonly kind: "sharedKey" };

export interface Credentials {
  readonly access: Access;
  readonly tokens: AccessTokenVerifier;
  readonly taskTokens: TaskTokens;
  /** Both keys of an account, decoded. */
  readonly accountKeys: (account: AccountHandle) => readonly Uint8Array[];
  /** The ways to sign in that the account allows. */
  readonly authenticationModes: (account: AccountHandle) => readonly AuthenticationMode[];
  readonly lenientAudience: boolean;
  readonly clock: () => number;
}

/** Looks things up only for a task, and for a principal that has not been here since the directory changed. @throws Fault AuthenticationFailed: 401 for a token or nothing at all, 403 for a signature, as the service does */
export function authenticate(
  credentials: Credentials,
  exchange: Exchange,
  account: AccountHandle,
): Caller | Promise<Caller> {
  const header = exchange.headers.authorization ?? "";
  const space = header.indexOf(" ");
  const scheme = header.slice(0, Math.max(space, 0)).toLowerCase();
  const value = header.slice(space + 1).trim();
  switch (scheme) {
    case "bearer":
      if (TaskTokens.claims(value)) return taskOf(credentials, value, account);
      return actingPrincipal(credentials, principalOf(credentials, value, account));
    case "sharedkey":
      return sharedKey(credentials, exchange, account, value);
    default:
      throw failed(
        401,
        "The Authorization header must be 'Bearer <access token>' or 'SharedKey <account>:<signature>'.",
      );
  }
}

async function taskOf(credentials: Credentials, token: string, account: AccountHandle): Promise<Caller> {
  const task = await credentials.taskTokens.verify(token, account.key);
  // One answer for all reasons: who holds a token of another time or account learns nothing.
  if (!task)
    throw failed(401, "The task authentication token is not that of a running task of this account.");
  checkMode(credentials, account, "TaskAuthenticationToken");
  return { kind: "task", task };
}

/** A token outlives its principal by up to its lifetime; it opens nothing then. */
function actingPrincipal({ access }: Credentials, principal: TokenPrincipal): Caller | Promise<Caller> {
  const callerIf = (state: PrincipalState): Caller => {
    if (state === "active") return { kind: "principal", principal };
    const what = state === "disabled" ? "is disabled" : "is no longer in the directory";
    throw failed(401, `The access token's user or application ${what}.`);
  };
  const state = access.stateOf(principal);
  return state instanceof Promise ? state.then(callerIf) : callerIf(state);
}

function principalOf(credentials: Credentials, token: string, account: AccountHandle): TokenPrincipal {
  const audiences = credentials.lenientAudience ? LENIENT_BATCH_AUDIENCES : [BATCH_AUDIENCE];
  const verdict = credentials.tokens.verify(token, { audiences, tenantId: account.tenantId });
  if (!verdict.ok) throw failed(401, tokenDetail(verdict, audiences));
  checkMode(credentials, account, "AAD");
  const { principal } = verdict;
  // Signing a user in for Batch takes the API permission; what the user may then do, the roles decide.
  if (principal.kind === "User" && !principal.scopes.includes(BATCH_DELEGATED_PERMISSION)) {
    throw failed(
      401,
      `The access token of the application '${principal.appId}' carries no delegated permission of the Batch API: its 'scp' must hold '${BATCH_DELEGATED_PERMISSION}'. Add the API permission "Access Azure Batch Service" to the application, and consent to it.`,
    );
  }
  return principal;
}

function tokenDetail(refusal: TokenRefusal, audiences: readonly string[]): string {
  switch (refusal.reason) {
    case "malformed":
      return "The access token is not a JSON Web Token of this service.";
    case "badSignature":
      return "The access token's signature is not valid.";
    case "expired":
      return `The access token expired at ${new Date(refusal.at * 1000).toISOString()}.`;
    case "notYetValid":
      return `The access token is not valid before ${new Date(refusal.at * 1000).toISOString()}.`;
    case "wrongAudience":
      // Worded as the real service does: people search for this sentence.
      return `The access token has been obtained from wrong audience or resource '${refusal.audience}'. It should exactly match (including forward slash) with one of the allowed audiences ${audiences.map((audience) => `'${audience}'`).join(",")}`;
    case "foreignTenant":
      return "The access token is from another tenant than the Batch account's.";
  }
}

function sharedKey(
  credentials: Credentials,
  exchange: Exchange,
  account: AccountHandle,
  authorization: string,
): Caller {
  checkMode(credentials, account, "SharedKey");
  const verdict = sharedKeyVerify(
    account.name,
    credentials.accountKeys(account),
    authorization,
    {
      method: exchange.method,
      headers: exchange.headers,
      rawPath: exchange.rawPath,
      query: exchange.query.names().map((name) => [name, exchange.query.get(name) ?? ""] as const),
    },
    credentials.clock(),
  );
  if (verdict !== "ok") throw failed(403, SHARED_KEY_DETAILS[verdict]);
  return { kind: "sharedKey" };
}

/** Worded as the real service does. @throws Fault AuthenticationFailed */
function checkMode({ authenticationModes }: Credentials, account: AccountHandle, mode: AuthenticationMode) {
  if (authenticationModes(account).includes(mode)) return;
  throw failed(403, `The specified type of authentication ${mode} is not allowed for this account.`);
}

const SHARED_KEY_DETAILS: Record<SharedKeyRefusal, string> = {
  malformed: "The Shared Key must read '<account>:<base64 of 32 bytes>'.",
  otherAccount: "The Shared Key names another account than the request's host.",
  noDate: "A request signed with a Shared Key needs the ocp-date or the Date header.",
  skewed: `The request's date is more than ${MAX_CLOCK_SKEW_MS / 60_000} minutes off the service's clock.`,
  badSignature: "The signature is not the one that the account's keys give for this request.",
};

function failed(status: number, detail: string): Fault {
  return new Fault("AuthenticationFailed", "", {
    status,
    values: [{ key: "AuthenticationErrorDetail", value: detail }],
  });
}
