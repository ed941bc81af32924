/**
 * The operations of the Blob service, how requests name them, and what each needs. Sources: "Blob Service REST API"; "Authorize with Microsoft
 * Entra ID (REST API)", section "Permissions for Blob service operations".
 */
import type { Permission } from "../rbac/permission.ts";

export type BlobLevel = "service" | "container" | "blob";

export interface BlobOperation {
  readonly name: string;
  /** Any one of them will do; null where a role cannot allow the operation at all, or not here. */
  readonly permissions: readonly Permission[] | null;
}

const SERVICES = "Microsoft.Storage/storageAccounts/blobServices/";
const action = (name: string): Permission => ({ name: SERVICES + name, kind: "action" });
const dataAction = (name: string): Permission => ({ name: SERVICES + name, kind: "dataAction" });

const SERVICE_READ = action("read");
const SERVICE_WRITE = action("write");
const DELEGATION_KEY = action("generateUserDelegationKey/action");
const CONTAINER_READ = action("containers/read");
const CONTAINER_WRITE = action("containers/write");
const CONTAINER_DELETE = action("containers/delete");
export const BLOB_READ = dataAction("containers/blobs/read");
const BLOB_WRITE = dataAction("containers/blobs/write");
const BLOB_DELETE = dataAction("containers/blobs/delete");
const BLOB_ADD = dataAction("containers/blobs/add/action");
const VERSION_DELETE = dataAction("containers/blobs/deleteBlobVersion/action");
const PERMANENT_DELETE = dataAction("containers/blobs/permanentDelete/action");
const TAGS_READ = dataAction("containers/blobs/tags/read");
const TAGS_WRITE = dataAction("containers/blobs/tags/write");
const FILTER = dataAction("containers/blobs/filter/action");

const operation = (name: string, ...permissions: readonly Permission[]): BlobOperation => ({
  name,
  permissions,
});
const closed = (name: string): BlobOperation => ({ name, permissions: null });

/** `METHOD restype comp`, with `-` for none. */
const OPERATIONS: Readonly<Record<BlobLevel, Readonly<Record<string, BlobOperation>>>> = {
  service: {
    "GET - list": operation("ListContainers", CONTAINER_READ),
    "GET service properties": operation("GetBlobServiceProperties", SERVICE_READ),
    "PUT service properties": operation("SetBlobServiceProperties", SERVICE_WRITE),
    "GET service stats": operation("GetBlobServiceStats", SERVICE_READ),
    "POST service userdelegationkey": operation("GetUserDelegationKey", DELEGATION_KEY),
    "GET account properties": operation("GetAccountInformation", SERVICE_READ),
    "HEAD account properties": operation("GetAccountInformation", SERVICE_READ),
    "GET - blobs": operation("FindBlobsByTags", FILTER),
    "POST - batch": closed("BlobBatch"),
  },
  container: {
    "PUT container -": operation("CreateContainer", CONTAINER_WRITE),
    "GET container -": operation("GetContainerProperties", CONTAINER_READ),
    "HEAD container -": operation("GetContainerProperties", CONTAINER_READ),
    "GET container metadata": operation("GetContainerMetadata", CONTAINER_READ),
    "HEAD container metadata": operation("GetContainerMetadata", CONTAINER_READ),
    "PUT container metadata": operation("SetContainerMetadata", CONTAINER_WRITE),
    "GET container acl": operation("GetContainerAcl", action("containers/getAcl/action")),
    "HEAD container acl": operation("GetContainerAcl", action("containers/getAcl/action")),
    "PUT container acl": operation("SetContainerAcl", action("containers/setAcl/action")),
    "PUT container lease": operation("LeaseContainer", CONTAINER_WRITE),
    "DELETE container -": operation("DeleteContainer", CONTAINER_DELETE),
    "PUT container undelete": operation("RestoreContainer", CONTAINER_WRITE),
    "GET container list": operation("ListBlobs", BLOB_READ),
    "GET container blobs": operation("FindBlobsByTagsInContainer", FILTER),
    "POST container batch": closed("BlobBatch"),
  },
  blob: {
    "GET - -": operation("GetBlob", BLOB_READ),
    "HEAD - -": operation("GetBlobProperties", BLOB_READ),
    "GET - metadata": operation("GetBlobMetadata", BLOB_READ),
    "HEAD - metadata": operation("GetBlobMetadata", BLOB_READ),
    "GET - blocklist": operation("GetBlockList", BLOB_READ),
    "GET - pagelist": operation("GetPageRanges", BLOB_READ),
    "GET - tags": operation("GetBlobTags", TAGS_READ),
    "POST - query": operation("QueryBlobContents", BLOB_READ),
    "PUT - -": operation("PutBlob", BLOB_WRITE),
    "PUT - block": operation("PutBlock", BLOB_WRITE),
    "PUT - blocklist": operation("PutBlockList", BLOB_WRITE),
    "PUT - page": operation("PutPage", BLOB_WRITE),
    "PUT - appendblock": operation("AppendBlock", BLOB_WRITE, BLOB_ADD),
    "PUT - metadata": operation("SetBlobMetadata", BLOB_WRITE),
    "PUT - properties": operation("SetBlobProperties", BLOB_WRITE),
    "PUT - snapshot": operation("SnapshotBlob", BLOB_WRITE),
    "PUT - lease": operation("LeaseBlob", BLOB_WRITE),
    "PUT - tier": operation("SetBlobTier", BLOB_WRITE),
    "PUT - copy": operation("AbortCopyBlob", BLOB_WRITE),
    "PUT - incrementalcopy": operation("IncrementalCopyBlob", BLOB_WRITE),
    "PUT - undelete": operation("UndeleteBlob", BLOB_WRITE),
    "PUT - seal": operation("SealAppendBlob", BLOB_WRITE),
    "PUT - tags": operation("SetBlobTags", TAGS_WRITE),
    "DELETE - -": operation("DeleteBlob", BLOB_DELETE),
  },
};

/** @param query by name; `restype` and `comp` tell the operation, two others change what a deletion needs. @returns undefined for none */
export function blobOperation(
  method: string,
  level: BlobLevel,
  query: (name: string) => string | undefined,
): BlobOperation | undefined {
  const found = OPERATIONS[level][`${method} ${query("restype") ?? "-"} ${query("comp") ?? "-"}`];
  if (found?.name !== "DeleteBlob") return found;
  if (query("deletetype") !== undefined) return operation("DeleteBlob", PERMANENT_DELETE);
  return query("versionid") === undefined ? found : operation("DeleteBlob", VERSION_DELETE);
}

/** All permissions that the service checks. */
export const BLOB_PERMISSIONS: readonly Permission[] = [
  ...new Map(
    Object.values(OPERATIONS)
      .flatMap((level) => Object.values(level))
      .flatMap(({ permissions }) => permissions ?? [])
      .concat(VERSION_DELETE, PERMANENT_DELETE)
      .map((permission) => [permission.name, permission]),
  ).values(),
];
