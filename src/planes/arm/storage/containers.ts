/** Containers of a storage account. Source: the reference pages "Blob Containers - …". */
import {
  type Container,
  containerDelete,
  containerGet,
  containerList,
  containerPatch,
  containerPut,
} from "../../../app/storage/containers.ts";
import { type StorageAccount, storageAccountScope } from "../../../app/storage/storage-account.ts";
import { ACCOUNT_ENCRYPTION, containerBodyOf } from "../../../core/storage/container-body.ts";
import { decodeSkipToken, nextLink } from "../../../http/paging.ts";
import { armFault } from "../request/arm-fault.ts";
import type { ArmContext } from "../request/context.ts";
import { readJsonBody } from "../request/json-body.ts";
import { operation } from "../request/operation.ts";
import { namedStorageAccount } from "./named-storage-account.ts";

const OPERATIONS = "Microsoft.Storage/BlobContainers";
const TYPE = "Microsoft.Storage/storageAccounts/blobServices/containers";
const PAGE_MAX = 5000;
const SKIP = "$skipToken";

export const listContainers = operation(`${OPERATIONS}_List`, async (context) => {
  const { exchange, plane } = context;
  const account = namedStorageAccount(context);
  const size = Number(exchange.query.get("$maxpagesize") ?? PAGE_MAX);
  if (!Number.isInteger(size) || size < 1)
    throw armFault("InvalidQueryParameter", "$maxpagesize must be a positive integer.");
  const token = exchange.query.get(SKIP);
  const [marker] = token === undefined ? [""] : (decodeSkipToken(token) ?? []);
  if (typeof marker !== "string") throw armFault("InvalidQueryParameter", `The ${SKIP} is not ours.`);
  const page = await containerList(plane.storage, account, {
    prefix: exchange.query.get("$filter") ?? "",
    marker,
    max: Math.min(size, PAGE_MAX),
  });
  return {
    json: {
      value: page.containers.map((container) => containerView(account, container)),
      ...(page.marker !== undefined && { nextLink: nextLink(exchange, SKIP, [page.marker]) }),
    },
  };
});

export const getContainer = operation(`${OPERATIONS}_Get`, async (context) => {
  const account = namedStorageAccount(context);
  const container = await containerGet(context.plane.storage, account, nameOf(context));
  if (!container) throw armFault("ContainerNotFound", "The specified container does not exist.");
  return { json: containerView(account, container) };
});

export const putContainer = operation(`${OPERATIONS}_Create`, async (context) => {
  const account = namedStorageAccount(context);
  const body = containerBodyOf(await readJsonBody(context.exchange));
  const { container, isNew } = await containerPut(context.plane.storage, account, nameOf(context), body);
  return { status: isNew ? 201 : 200, json: containerView(account, container) };
});

export const patchContainer = operation(`${OPERATIONS}_Update`, async (context) => {
  const account = namedStorageAccount(context);
  const body = containerBodyOf(await readJsonBody(context.exchange));
  const container = await containerPatch(context.plane.storage, account, nameOf(context), body);
  return { json: containerView(account, container) };
});

export const deleteContainer = operation(`${OPERATIONS}_Delete`, async (context) => {
  const account = namedStorageAccount(context);
  const wasThere = await containerDelete(context.plane.storage, account, nameOf(context));
  return { status: wasThere ? 200 : 204 };
});

const nameOf = ({ path }: ArmContext): string => path.containerName ?? "";

function containerView(account: StorageAccount, container: Container): object {
  const { name, etag, changedAt, leaseStatus, leaseState, leaseDuration, metadata } = container;
  const titled = (word: string) => word.slice(0, 1).toUpperCase() + word.slice(1);
  return {
    id: `${storageAccountScope(account)}/blobServices/default/containers/${name}`,
    name,
    type: TYPE,
    etag: `"${etag.replaceAll('"', "")}"`,
    properties: {
      deleted: false,
      remainingRetentionDays: 0,
      defaultEncryptionScope: ACCOUNT_ENCRYPTION,
      denyEncryptionScopeOverride: false,
      publicAccess: "None",
      leaseStatus: titled(leaseStatus),
      leaseState: titled(leaseState),
      ...(leaseDuration !== undefined && { leaseDuration: titled(leaseDuration) }),
      lastModifiedTime: new Date(changedAt).toISOString(),
      metadata,
      hasImmutabilityPolicy: false,
      hasLegalHold: false,
    },
  };
}
