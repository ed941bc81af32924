/**
 * Where clients ask whether what they were promised is done: the address stands in the `Location` of a 202, and is described nowhere else. Answered
 * to the caller that started it, whatever roles are left: those on the resource have gone with it. Source: "Track asynchronous
 * Azure operations".
 */
import type { AccountHandle } from "../../app/accounts/account-handle.ts";
import type { TokenPrincipal } from "../../app/directory/access-token-verify.ts";
import {
  operationResult,
  operationToken,
  type PendingOperation,
} from "../../app/management/operation-result.ts";
import type { StorageAccount } from "../../app/storage/storage-account.ts";
import { asciiLowerCase } from "../../core/access/ascii-lower-case.ts";
import type { Exchange } from "../../http/exchange.ts";
import { accountHeaders, accountView } from "./batch/account-view.ts";
import { armFault } from "./request/arm-fault.ts";
import type { ArmContext, ArmPlane, ArmReply } from "./request/context.ts";
import { storageAccountView } from "./storage/storage-account-view.ts";

const RETRY_AFTER_SECONDS = 1;

const RESULTS = [
  /^subscriptions\/[^/]+\/operationresults\/([^/]+)$/,
  /^subscriptions\/[^/]+\/providers\/microsoft\.storage\/locations\/[^/]+\/asyncoperations\/([^/]+)$/,
  /^subscriptions\/[^/]+\/resourcegroups\/[^/]+\/providers\/microsoft\.batch\/batchaccounts\/[^/]+\/(certificate)?operationresults\/[^/]+$/,
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
  const { state, isMove, account, storageAccount } = result;
  const context = { plane, exchange, apiVersion: exchange.query.get("api-version") ?? "" };
  if (account) return { status: 200, json: accountView(account, context), headers: accountHeaders(account) };
  if (storageAccount) return { status: 200, json: storageAccountView(storageAccount, context) };
  if (state === "done") return { status: isMove ? 204 : 200 };
  return { status: 202, headers: pollingHeaders(`${exchange.origin}${exchange.path}?${exchange.rawQuery}`) };
}

export function accountCreationAccepted(context: ArmContext, { key, name }: AccountHandle): ArmReply {
  return accepted(context, { kind: "newAccount", key }, `${ofAccount(context, name)}/operationResults`);
}

export function storageCreationAccepted(context: ArmContext, { key, location }: StorageAccount): ArmReply {
  const collection = `providers/Microsoft.Storage/locations/${location}/asyncoperations`;
  return accepted(context, { kind: "newStorageAccount", key }, collection);
}

export function certificateDeletionAccepted(
  context: ArmContext,
  { name }: AccountHandle,
  key: number,
): ArmReply {
  const collection = `${ofAccount(context, name)}/certificateOperationResults`;
  return accepted(context, { kind: "certificate", key }, collection);
}

export function accountDeletionAccepted(context: ArmContext, { key, location }: AccountHandle): ArmReply {
  return accepted(
    context,
    { kind: "account", key },
    `providers/Microsoft.Batch/locations/${location}/accountOperationResults`,
  );
}

export function poolDeletionAccepted(context: ArmContext, account: AccountHandle, key: number): ArmReply {
  return accepted(context, { kind: "pool", key }, `${ofAccount(context, account.name)}/poolOperationResults`);
}

/** Of resources to another group. */
export function moveAccepted(context: ArmContext): ArmReply {
  return accepted(context, { kind: "move", key: 0 }, "operationresults");
}

export function groupDeletionAccepted(context: ArmContext, key: number): ArmReply {
  return accepted(context, { kind: "resourceGroup", key }, "operationresults");
}

const ofAccount = ({ parent }: ArmContext, name: string): string =>
  `resourceGroups/${parent.group.name}/providers/Microsoft.Batch/batchAccounts/${name}`;

function accepted(context: ArmContext, pending: PendingOperation, collection: string): ArmReply {
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
