/** Batch accounts and their keys. */
import { type AccountHandle, accountScope } from "../../../app/accounts/account-handle.ts";
import { accountRequestDelete } from "../../../app/management/account-delete.ts";
import { accountKeyRegenerate, accountKeys } from "../../../app/management/account-keys.ts";
import { accountFind, accountList, type ManagedAccount } from "../../../app/management/account-read.ts";
import {
  type AccountPut,
  accountPatch,
  accountPut,
  accountSyncAutoStorage,
} from "../../../app/management/account-write.ts";
import { wordOf } from "../../../core/management/json-body.ts";
import { accountCreationAccepted, accountDeletionAccepted } from "../operation-results.ts";
import { armFault } from "../request/arm-fault.ts";
import type { ArmContext } from "../request/context.ts";
import { readJsonBody } from "../request/json-body.ts";
import { filteredList, operation } from "../request/operation.ts";
import { accountEndpoint, accountHeaders, accountView } from "./account-view.ts";
import { linkedIdentities } from "./linked-identities.ts";
import { accountName, accountNotFound, namedAccount } from "./named-account.ts";

const scopeOfAccount = ({ handle }: ManagedAccount) => accountScope(handle);

export const listAccounts = filteredList("Microsoft.Batch/BatchAccount_List", {
  fetch: ({ plane, parent: { subscription } }) => accountList(plane, { subscription }),
  scopeOf: scopeOfAccount,
  view: accountView,
});

export const listAccountsOfGroup = filteredList("Microsoft.Batch/BatchAccount_ListByResourceGroup", {
  fetch: ({ plane, parent: { group } }) => accountList(plane, { group }),
  scopeOf: scopeOfAccount,
  view: accountView,
});

export const getAccount = operation("Microsoft.Batch/BatchAccount_Get", async (context) => {
  const account = await namedAccount(context);
  return { json: accountView(account, context), headers: accountHeaders(account) };
});

/** A new one can be used at once; that it is made is answered as the real service does, which takes its time. */
export const createAccount = operation("Microsoft.Batch/BatchAccount_Create", async (context) => {
  const { plane, parent } = context;
  const { account, isNew } = await accountPut(plane, parent.group, await described(context));
  if (isNew) return accountCreationAccepted(context, account.handle);
  return { status: 200, json: accountView(account, context), headers: accountHeaders(account) };
});

export const updateAccount = operation("Microsoft.Batch/BatchAccount_Update", async (context) => {
  const { plane, parent } = context;
  const account = await accountPatch(plane, parent.group, await described(context));
  if (!account) throw accountNotFound(context);
  return { json: accountView(account, context), headers: accountHeaders(account) };
});

/** 202, also where it has gone by now: clients wait for one. */
export const deleteAccount = operation("Microsoft.Batch/BatchAccount_Delete", async (context) => {
  const { plane, parent } = context;
  const account = await accountFind(plane, parent.group, accountName(context));
  if (!account) return { status: 204 };
  await accountRequestDelete(plane, parent.group, account.handle.name);
  return accountDeletionAccepted(context, account.handle);
});

export const syncAutoStorage = operation(
  "Microsoft.Batch/BatchAccount_SynchronizeAutoStorageKeys",
  async (context) => {
    const { plane, parent } = context;
    if (!(await accountSyncAutoStorage(plane, parent.group, accountName(context))))
      throw accountNotFound(context);
    return { status: 204 };
  },
);

export const listAccountKeys = operation("Microsoft.Batch/BatchAccount_GetKeys", async (context) => {
  const { plane, parent } = context;
  const keys = await accountKeys(plane, parent.group, accountName(context));
  if (!keys) throw accountNotFound(context);
  return { json: keys };
});

export const regenerateAccountKey = operation(
  "Microsoft.Batch/BatchAccount_RegenerateKey",
  async (context) => {
    const { plane, parent, exchange } = context;
    const { keyName } = await readJsonBody(exchange);
    const which =
      wordOf(keyName, ["Primary", "Secondary"], "keyName") === "Primary" ? "primary" : "secondary";
    const keys = await accountKeyRegenerate(plane, parent.group, accountName(context), which);
    if (!keys) throw accountNotFound(context);
    return { json: keys };
  },
);

/** There is one detector, which has nothing to say: its value is an empty report. */
export const listDetectors = operation("Microsoft.Batch/BatchAccount_ListDetectors", async (context) => {
  const { handle } = await namedAccount(context);
  return { json: { value: [detectorView(handle)] } };
});

export const getDetector = operation("Microsoft.Batch/BatchAccount_GetDetector", async (context) => {
  const { handle } = await namedAccount(context);
  if (context.path.detectorId?.toLowerCase() !== DETECTOR.toLowerCase())
    throw armFault("ResourceNotFound", `The account has no detector '${context.path.detectorId}'.`);
  return { json: detectorView(handle) };
});

const DETECTOR = "poolsAndNodes";

const detectorView = (handle: AccountHandle) => ({
  id: `${accountScope(handle)}/detectors/${DETECTOR}`,
  name: DETECTOR,
  type: "Microsoft.Batch/batchAccounts/detectors",
  properties: { value: Buffer.from("[]").toString("base64") },
});

/** What nodes must reach, which is the account itself: its port, or the one of its Azure name. */
export const listOutboundEndpoints = operation(
  "Microsoft.Batch/BatchAccount_ListOutboundNetworkDependenciesEndpoints",
  async (context) => {
    const account = await namedAccount(context);
    const [domainName = "", port = "443"] = accountEndpoint(account, context).split(/:(?=\d+$)/);
    const endpoint = {
      domainName,
      description: "The account's own endpoint: for tasks that call Batch.",
      endpointDetails: [{ port: Number(port) }],
    };
    return { json: { value: [{ category: "Azure Batch", endpoints: [endpoint] }] } };
  },
);

/** @throws Fault InvalidRequestContent, LinkedAuthorizationFailed */
async function described(context: ArmContext): Promise<AccountPut> {
  const body = await readJsonBody(context.exchange);
  context.watch?.body(body);
  const request = linkedIdentities(context, body, ["SystemAssigned", "UserAssigned", "None"]);
  const { tenantId } = context.parent.subscription;
  return {
    name: accountName(context),
    body,
    identities: request?.userAssigned,
    hasOwnIdentity: request && request.type === "SystemAssigned",
    tenantId,
  };
}
