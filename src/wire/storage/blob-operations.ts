/**
 * The operations of the Blob service: how requests name them, what each needs, and every header and query parameter that each has. What stands
 * in no row reaches nothing. Sources: "Blob Service REST API"; "Authorize with Microsoft Entra ID (REST API)", section "Permissions for Blob
 * service operations"; "Create a service SAS", section "Permissions for a directory, container, or blob"; "Create an account SAS", section
 * "Account SAS permissions by operation".
 */
import type { Permission } from "../rbac/permission.ts";
import {
  APPEND_CONDITIONS,
  CONDITIONS,
  CONTENT,
  CONTENT_CHECKS,
  LEASE,
  METADATA,
  PROPERTIES,
  RANGE,
  SEQUENCE_CONDITIONS,
  SOURCE,
  TIMES,
} from "./blob-headers.ts";

export type BlobLevel = "service" | "container" | "blob";

export interface BlobOperation {
  readonly name: string;
  /** Any one of them will do; null where a role cannot allow the operation at all, or not here. */
  readonly permissions: readonly Permission[] | null;
  /** Letters of a signature's permissions of which any one will do; none where a signature cannot allow it. */
  readonly letters: string;
  /** Of these letters the ones that allow it for a blob that is not there yet, and for no other. */
  readonly lettersForNew?: string;
  /** Whether a signature of a container or blob can allow it, or one of the account alone. */
  readonly byServiceSas: boolean;
  /** Which resource types (`srt`) of an account's signature cover it. */
  readonly resourceTypes: string;
  /** Beside `restype`, `comp` and `timeout`. */
  readonly query: readonly string[];
  /** In small letters, beside the version and the client's request id; one that ends in a hyphen stands for all that begin so. */
  readonly headers: readonly string[];
  /** Most bytes of a body; absent where the operation has none, `bytes` where the service alone limits them. */
  readonly body?: number | "bytes";
  /** Why the service here does not do it. */
  readonly unbuilt?: string;
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
const BLOB_READ = dataAction("containers/blobs/read");
const BLOB_WRITE = dataAction("containers/blobs/write");
const BLOB_DELETE = dataAction("containers/blobs/delete");
const BLOB_ADD = dataAction("containers/blobs/add/action");
const VERSION_DELETE = dataAction("containers/blobs/deleteBlobVersion/action");
const PERMANENT_DELETE = dataAction("containers/blobs/permanentDelete/action");
export const TAGS_READ = dataAction("containers/blobs/tags/read");
export const TAGS_WRITE = dataAction("containers/blobs/tags/write");
const FILTER = dataAction("containers/blobs/filter/action");

/** "Put Block List", "Set Blob Service Properties" and their like: 50,000 blocks of 100 bytes, and room. */
const XML_MAX_BYTES = 8 * 1024 * 1024;
const SMALL_XML_MAX_BYTES = 64 * 1024;
/** "Blob Batch", section "Remarks". */
const BATCH_MAX_BYTES = 4 * 1024 * 1024;
/** Any of them lets one ask what kind of account it is, and send a batch, each part of which is judged. */
const ANY_LETTER = "racwdxyltfmeopi";
const PAGING = ["marker", "maxresults"];

interface Extra {
  readonly headers?: readonly string[];
  readonly query?: readonly string[];
  readonly body?: number | "bytes";
  readonly new?: string;
  readonly unbuilt?: string;
}

const row =
  (byServiceSas: boolean, resourceTypes: string) =>
  (
    name: string,
    letters: string,
    permissions: readonly Permission[] | null,
    extra: Extra = {},
  ): BlobOperation => ({
    name,
    permissions,
    letters,
    byServiceSas,
    resourceTypes,
    query: extra.query ?? [],
    headers: extra.headers ?? [],
    ...(extra.new !== undefined && { lettersForNew: extra.new }),
    ...(extra.body !== undefined && { body: extra.body }),
    ...(extra.unbuilt !== undefined && { unbuilt: extra.unbuilt }),
  });
const ofService = row(false, "s");
const ofContainer = row(false, "c");
const inContainer = row(true, "c");
const ofBlob = row(true, "o");

const accountInformation = { ...row(true, "sco")("GetAccountInformation", ANY_LETTER, [SERVICE_READ]) };
const batch = row(true, "sco")("BlobBatch", ANY_LETTER, [], {
  headers: ["content-type"],
  body: BATCH_MAX_BYTES,
});
const containerProperties = ofContainer("GetContainerProperties", "r", [CONTAINER_READ], { headers: LEASE });
const containerMetadata = { ...containerProperties, name: "GetContainerMetadata" };
const containerAcl = ofContainer("GetContainerAcl", "", [action("containers/getAcl/action")], {
  headers: LEASE,
});
const VERSIONED = ["snapshot", "versionid"];
const blobMetadata = ofBlob("GetBlobMetadata", "r", [BLOB_READ], {
  query: VERSIONED,
  headers: [...CONDITIONS, ...LEASE],
});
const IMMUTABLE = "Immutability policies and legal holds are not built.";
const UNDELETE = "Soft delete is not built, so nothing can be brought back.";
const NEW_BLOB = [...PROPERTIES, ...METADATA, ...CONDITIONS, ...LEASE, "x-ms-tags", "x-ms-access-tier"];
const LEASING = [
  "x-ms-lease-action",
  "x-ms-lease-duration",
  "x-ms-proposed-lease-id",
  "x-ms-lease-break-period",
  ...LEASE,
];

/** `METHOD restype comp`, with `-` for none; after a `+` what a header makes of it. */
export const BLOB_OPERATIONS: Readonly<Record<BlobLevel, Readonly<Record<string, BlobOperation>>>> = {
  service: {
    "GET - list": ofService("ListContainers", "l", [CONTAINER_READ], {
      query: ["prefix", "include", ...PAGING],
    }),
    "GET service properties": ofService("GetBlobServiceProperties", "r", [SERVICE_READ]),
    "PUT service properties": ofService("SetBlobServiceProperties", "w", [SERVICE_WRITE], {
      headers: ["content-type"],
      body: SMALL_XML_MAX_BYTES,
    }),
    "GET service stats": ofService("GetBlobServiceStats", "r", [SERVICE_READ]),
    "POST service userdelegationkey": ofService("GetUserDelegationKey", "", [DELEGATION_KEY], {
      headers: ["content-type"],
      body: SMALL_XML_MAX_BYTES,
    }),
    "GET account properties": accountInformation,
    "HEAD account properties": accountInformation,
    "GET - blobs": row(false, "so")("FindBlobsByTags", "f", [FILTER], {
      query: ["where", "include", ...PAGING],
    }),
    "POST - batch": batch,
  },
  container: {
    "PUT container -": ofContainer("CreateContainer", "cw", [CONTAINER_WRITE], { headers: METADATA }),
    "GET container -": containerProperties,
    "HEAD container -": containerProperties,
    "GET container metadata": containerMetadata,
    "HEAD container metadata": containerMetadata,
    "PUT container metadata": ofContainer("SetContainerMetadata", "w", [CONTAINER_WRITE], {
      headers: [...METADATA, ...LEASE, "if-modified-since"],
    }),
    "GET container acl": containerAcl,
    "HEAD container acl": containerAcl,
    "PUT container acl": ofContainer("SetContainerAcl", "", [action("containers/setAcl/action")], {
      headers: [...LEASE, ...TIMES, "content-type"],
      body: SMALL_XML_MAX_BYTES,
    }),
    "PUT container lease": ofContainer("LeaseContainer", "w", [CONTAINER_WRITE], {
      headers: [...LEASING, ...TIMES],
    }),
    "DELETE container -": ofContainer("DeleteContainer", "d", [CONTAINER_DELETE], {
      headers: [...LEASE, ...TIMES],
    }),
    "PUT container rename": ofContainer("RenameContainer", "w", [CONTAINER_WRITE], {
      unbuilt: "Containers keep their names.",
    }),
    "PUT container undelete": ofContainer("RestoreContainer", "w", [CONTAINER_WRITE], { unbuilt: UNDELETE }),
    "GET container list": inContainer("ListBlobs", "l", [BLOB_READ], {
      query: ["prefix", "delimiter", "include", ...PAGING],
    }),
    "GET container blobs": inContainer("FindBlobsByTagsInContainer", "f", [FILTER], {
      query: ["where", "include", ...PAGING],
    }),
    "POST container batch": batch,
    "GET account properties": accountInformation,
    "HEAD account properties": accountInformation,
  },
  blob: {
    "GET - -": ofBlob("GetBlob", "r", [BLOB_READ], {
      query: VERSIONED,
      headers: [...CONDITIONS, ...LEASE, ...RANGE, "x-ms-range-get-content-md5", "x-ms-structured-body"],
    }),
    "HEAD - -": { ...blobMetadata, name: "GetBlobProperties" },
    "GET - metadata": blobMetadata,
    "HEAD - metadata": blobMetadata,
    "GET - blocklist": ofBlob("GetBlockList", "r", [BLOB_READ], {
      query: ["snapshot", "blocklisttype"],
      headers: [...LEASE, "x-ms-if-tags"],
    }),
    "GET - pagelist": ofBlob("GetPageRanges", "r", [BLOB_READ], {
      query: ["snapshot", "prevsnapshot", ...PAGING],
      headers: [...CONDITIONS, ...LEASE, ...RANGE],
    }),
    "GET - tags": ofBlob("GetBlobTags", "t", [TAGS_READ], {
      query: VERSIONED,
      headers: [...LEASE, "x-ms-if-tags"],
    }),
    "POST - query": ofBlob("QueryBlobContents", "r", [BLOB_READ], {
      unbuilt: "Queries over a blob's content are not built.",
    }),
    "PUT - -": ofBlob("PutBlob", "cw", [BLOB_WRITE], {
      new: "c",
      headers: [
        ...NEW_BLOB,
        ...CONTENT,
        "x-ms-blob-type",
        "x-ms-blob-content-length",
        "x-ms-blob-sequence-number",
      ],
      body: "bytes",
    }),
    "PUT - -+copy": ofBlob("CopyBlob", "cw", [BLOB_WRITE], {
      new: "c",
      headers: [
        ...METADATA,
        ...CONDITIONS,
        ...LEASE,
        ...SOURCE,
        "x-ms-tags",
        "x-ms-access-tier",
        "x-ms-rehydrate-priority",
        "x-ms-requires-sync",
        "x-ms-copy-source-tag-option",
      ],
    }),
    "PUT - -+from": ofBlob("PutBlobFromUrl", "cw", [BLOB_WRITE], {
      new: "c",
      headers: [...NEW_BLOB, ...SOURCE, "content-md5", "x-ms-blob-type", "x-ms-copy-source-blob-properties"],
    }),
    "PUT - block": ofBlob("PutBlock", "cw", [BLOB_WRITE], {
      query: ["blockid"],
      headers: [...CONTENT, ...LEASE],
      body: "bytes",
    }),
    "PUT - block+from": ofBlob("PutBlockFromUrl", "cw", [BLOB_WRITE], {
      query: ["blockid"],
      headers: [...SOURCE, ...LEASE],
    }),
    "PUT - blocklist": ofBlob("PutBlockList", "cw", [BLOB_WRITE], {
      new: "c",
      headers: [...NEW_BLOB, ...CONTENT_CHECKS, "content-type"],
      body: XML_MAX_BYTES,
    }),
    "PUT - page": ofBlob("PutPage", "w", [BLOB_WRITE], {
      headers: [...CONTENT, ...LEASE, ...CONDITIONS, ...RANGE, ...SEQUENCE_CONDITIONS, "x-ms-page-write"],
      body: "bytes",
    }),
    "PUT - page+from": ofBlob("PutPageFromUrl", "w", [BLOB_WRITE], {
      headers: [...SOURCE, ...LEASE, ...CONDITIONS, ...RANGE, ...SEQUENCE_CONDITIONS, "x-ms-page-write"],
    }),
    "PUT - appendblock": ofBlob("AppendBlock", "aw", [BLOB_WRITE, BLOB_ADD], {
      headers: [...CONTENT, ...LEASE, ...CONDITIONS, ...APPEND_CONDITIONS],
      body: "bytes",
    }),
    "PUT - appendblock+from": ofBlob("AppendBlockFromUrl", "aw", [BLOB_WRITE, BLOB_ADD], {
      headers: [...SOURCE, ...LEASE, ...CONDITIONS, ...APPEND_CONDITIONS, "content-md5"],
    }),
    "PUT - metadata": ofBlob("SetBlobMetadata", "w", [BLOB_WRITE], {
      headers: [...METADATA, ...CONDITIONS, ...LEASE],
    }),
    "PUT - properties": ofBlob("SetBlobProperties", "w", [BLOB_WRITE], {
      headers: [
        ...PROPERTIES,
        ...CONDITIONS,
        ...LEASE,
        "x-ms-blob-content-length",
        "x-ms-sequence-number-action",
        "x-ms-blob-sequence-number",
      ],
    }),
    "PUT - snapshot": ofBlob("SnapshotBlob", "cw", [BLOB_WRITE], {
      headers: [...METADATA, ...CONDITIONS, ...LEASE],
    }),
    "PUT - lease": ofBlob("LeaseBlob", "w", [BLOB_WRITE], { headers: [...LEASING, ...CONDITIONS] }),
    "PUT - tier": ofBlob("SetBlobTier", "w", [BLOB_WRITE], {
      query: VERSIONED,
      headers: [...LEASE, "x-ms-access-tier", "x-ms-rehydrate-priority", "x-ms-if-tags"],
    }),
    "PUT - copy": ofBlob("AbortCopyBlob", "w", [BLOB_WRITE], {
      query: ["copyid"],
      headers: [...LEASE, "x-ms-copy-action"],
    }),
    "PUT - incrementalcopy": ofBlob("IncrementalCopyBlob", "cw", [BLOB_WRITE], {
      unbuilt: "Incremental copies of page blobs are not built.",
    }),
    "PUT - expiry": ofBlob("SetBlobExpiry", "w", [BLOB_WRITE], {
      unbuilt: "Blobs that expire are not built.",
    }),
    "PUT - immutabilityPolicies": ofBlob("SetBlobImmutabilityPolicy", "i", [BLOB_WRITE], {
      unbuilt: IMMUTABLE,
    }),
    "DELETE - immutabilityPolicies": ofBlob("DeleteBlobImmutabilityPolicy", "i", [BLOB_WRITE], {
      unbuilt: IMMUTABLE,
    }),
    "PUT - legalhold": ofBlob("SetBlobLegalHold", "i", [BLOB_WRITE], { unbuilt: IMMUTABLE }),
    "PUT - undelete": ofBlob("UndeleteBlob", "w", [BLOB_WRITE], { unbuilt: UNDELETE }),
    "PUT - seal": ofBlob("SealAppendBlob", "w", [BLOB_WRITE], {
      headers: [...LEASE, ...CONDITIONS, "x-ms-blob-condition-appendpos"],
    }),
    "PUT - tags": ofBlob("SetBlobTags", "t", [TAGS_WRITE], {
      query: ["versionid"],
      headers: [...CONTENT_CHECKS, ...LEASE, "x-ms-if-tags", "content-type"],
      body: SMALL_XML_MAX_BYTES,
    }),
    "DELETE - -": ofBlob("DeleteBlob", "d", [BLOB_DELETE], {
      query: [...VERSIONED, "deletetype"],
      headers: [...CONDITIONS, ...LEASE, "x-ms-delete-snapshots"],
    }),
    "GET account properties": accountInformation,
    "HEAD account properties": accountInformation,
  },
};

/** What a request says of itself: parameters and headers by name. */
/** Operations without a body that take room all the same, by what they copy. */
const COPYING: ReadonlySet<string> = new Set(
  "CopyBlob PutBlobFromUrl PutBlockFromUrl PutPageFromUrl AppendBlockFromUrl SnapshotBlob CreateContainer".split(
    " ",
  ),
);

/** Whether the operation adds what could be added later. */
export function takesRoom({ name, body }: BlobOperation): boolean {
  return body === "bytes" || COPYING.has(name);
}

export interface NamedBlobOperation {
  readonly method: string;
  readonly level: BlobLevel;
  readonly query: (name: string) => string | undefined;
  readonly header: (name: string) => string | undefined;
}

/** @returns undefined for none */
export function blobOperation({
  method,
  level,
  query,
  header,
}: NamedBlobOperation): BlobOperation | undefined {
  const key = `${method} ${query("restype") ?? "-"} ${query("comp") ?? "-"}`;
  const operations = BLOB_OPERATIONS[level];
  if (!Object.hasOwn(operations, key)) return undefined;
  const found = operations[key];
  if (header("x-ms-copy-source") !== undefined) {
    const isCopy = key === "PUT - -" && header("x-ms-blob-type") === undefined;
    return operations[`${key}+${isCopy ? "copy" : "from"}`] ?? found;
  }
  if (found?.name !== "DeleteBlob") return found;
  if (query("deletetype") !== undefined) return { ...found, permissions: [PERMANENT_DELETE], letters: "y" };
  return query("versionid") === undefined ? found : { ...found, permissions: [VERSION_DELETE], letters: "x" };
}

/** What reading a copy's source needs, whatever else the copy is. */
export const READ_SOURCE: BlobOperation = ofBlob("GetBlob", "r", [BLOB_READ]);

/** All permissions that the service checks. */
export const BLOB_PERMISSIONS: readonly Permission[] = [
  ...new Map(
    Object.values(BLOB_OPERATIONS)
      .flatMap((level) => Object.values(level))
      .flatMap(({ permissions }) => permissions ?? [])
      .concat(VERSION_DELETE, PERMANENT_DELETE)
      .map((permission) => [permission.name, permission]),
  ).values(),
];
