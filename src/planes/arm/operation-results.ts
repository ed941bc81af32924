/**
 * Where clients ask whether a deletion is done: the address stands in the `Location` of a 202, and is described nowhere else. Answered
 * to the caller that started it, whatever roles are left: those on the resource have gone with it. Source: "Track asynchronous
 * Azure operations".
 */
import type { AccountHandle } from "../../app/accounts/account-handle.ts";
import type { TokenPrincipal } from "../../app/directory/access-token-verify.ts";
import {
  operationResult,
  operationToken,
  type PendingDeletion,
} from "../../app/management/operation-result.ts";
import { asciiLowerCase } from "../../core/access/ascii-lower-case.ts";
import type { Exchange } from "../../http/exchange.ts";
import { armFault } from "./request/arm-fault.ts";
import type { ArmContext, ArmPlane, ArmReply } from "./request/context.ts";

const RETRY_AFTER_SECONDS = 1;

const RESULTS = [
  /^subscriptions\/[^/]+\/operationresults\/([^/]+)$/,
  /^subscriptions\/[^/]+\/providers\/microsoft\.batch\/locations\/[^/]+\/accountoperationresults\/([^/]+)$/,
  /^subscriptions\/[^/]+\/resourcegroups\/[^/]+\/providers\/microsoft\.batch\/batchaccounts\/[^/]+\/pooloperationresults\/([^/]+)$/,
];

/** The token that the path ends in; undefined for every other path. */
export function operationResultToken({ segments }: Exchange): string | undefined {
  const path = segments.map(asciiLowerCase).join("/");
  return RESULTS.some((pattern) => pattern.test(path)) ? segments.at(-1) : undefined;
}

/** @throws Fault NotFound */
export async function replyOperationResult(
  plane: ArmPlane,
  exchange: Exchange,
  principal: TokenPrincipal,
  token: string,
): Promise<ArmReply> {
  const result = await operationResult(plane, principal, token);
  if (result === undefined) throw armFault("NotFound", "There is no such operation of yours.");
  if (result === "done") return { status: 200 };
  return { status: 202, headers: pollingHeaders(`${exchange.origin}${exchange.path}?${exchange.rawQuery}`) };
}

export function accountDeletionAccepted(context: ArmContext, { key, location }: AccountHandle): ArmReply {
  return accepted(
    context,
    { kind: "account", key },
    `providers/Microsoft.Batch/locations/${location}/accountOperationResults`,
  );
}

export function poolDeletionAccepted(context: ArmContext, account: AccountHandle, key: number): ArmReply {
  const collection = `resourceGroups/${account.resourceGroup}/providers/Microsoft.Batch/batchAccounts/${account.name}/poolOperationResults`;
  return accepted(context, { kind: "pool", key }, collection);
}

export function groupDeletionAccepted(context: ArmContext, key: number): ArmReply {
  return accepted(context, { kind: "resourceGroup", key }, "operationresults");
}

function accepted(context: ArmContext, pending: PendingDeletion, collection: string): ArmReply {
  const { plane, exchange, principal, apiVersion, parent } = context;
  const token = operationToken(plane, principal, pending);
  const subscription = `${exchange.origin}/subscriptions/${parent.subscription.subscriptionId}`;
  const location = `${subscription}/${collection}/${token}?api-version=${apiVersion}`;
  return { status: 202, headers: pollingHeaders(location) };
}

const pollingHeaders = (location: string): string[] => [
  "Location",
  location,
  "Retry-After",
  String(RETRY_AFTER_SECONDS),
];
