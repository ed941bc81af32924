/** Smuggling between the front of the Blob service and the program behind: a request that is judged as one operation and done as another. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { UNBUILT_HEADERS } from "../../src/wire/storage/blob-headers.ts";
import {
  BLOB_OPERATIONS,
  type BlobLevel,
  type BlobOperation,
} from "../../src/wire/storage/blob-operations.ts";
import { type BlobStore, openBlobStore, STORE_HOST } from "../wire/blob/blob-store.fixture.ts";

let store: BlobStore;
beforeAll(async () => {
  store = await openBlobStore();
  await store.signed({ method: "PUT", path: "/kept", query: "restype=container" });
  const headers = { "x-ms-blob-type": "BlockBlob" };
  const put = await store.signed({ method: "PUT", path: "/kept/blob", headers, body: "text" });
  expect(put.status).toBe(201);
}, 60_000);
afterAll(() => store.close());

/** What the program behind calls the operations; none where the front answers alone. */
const BEHIND: Readonly<Record<string, readonly string[]>> = {
  ListContainers: ["Service_ListContainersSegment"],
  GetBlobServiceProperties: ["Service_GetProperties"],
  SetBlobServiceProperties: ["Service_SetProperties"],
  GetBlobServiceStats: ["Service_GetStatistics"],
  FindBlobsByTags: ["Service_FilterBlobs"],
  CreateContainer: ["Container_Create"],
  GetContainerProperties: ["Container_GetProperties", "Container_GetPropertiesWithHead"],
  GetContainerMetadata: ["Container_GetProperties", "Container_GetPropertiesWithHead"],
  SetContainerMetadata: ["Container_SetMetadata"],
  GetContainerAcl: ["Container_GetAccessPolicy", "Container_GetPropertiesWithHead"],
  SetContainerAcl: ["Container_SetAccessPolicy"],
  LeaseContainer: ["Container_AcquireLease"],
  DeleteContainer: ["Container_Delete"],
  ListBlobs: ["Container_ListBlobFlatSegment"],
  FindBlobsByTagsInContainer: ["Container_FilterBlobs"],
  GetBlob: ["Blob_Download"],
  GetBlobProperties: ["Blob_GetProperties"],
  GetBlobMetadata: ["Blob_Download", "Blob_GetProperties"],
  GetBlockList: ["BlockBlob_GetBlockList"],
  GetPageRanges: ["PageBlob_GetPageRanges"],
  GetBlobTags: ["Blob_GetTags"],
  PutBlob: ["BlockBlob_Upload"],
  CopyBlob: ["Blob_StartCopyFromURL"],
  PutBlobFromUrl: ["BlockBlob_Upload"],
  PutBlock: ["BlockBlob_StageBlock"],
  PutBlockFromUrl: ["BlockBlob_StageBlock"],
  PutBlockList: ["BlockBlob_CommitBlockList"],
  PutPage: ["PageBlob_UploadPages"],
  PutPageFromUrl: ["PageBlob_UploadPages"],
  AppendBlock: ["AppendBlob_AppendBlock"],
  AppendBlockFromUrl: ["AppendBlob_AppendBlock"],
  SetBlobMetadata: ["Blob_SetMetadata"],
  SetBlobProperties: ["Blob_SetHTTPHeaders"],
  SnapshotBlob: ["Blob_CreateSnapshot"],
  LeaseBlob: ["Blob_AcquireLease"],
  SetBlobTier: ["Blob_SetTier"],
  AbortCopyBlob: ["Blob_AbortCopyFromURL"],
  SealAppendBlob: ["AppendBlob_Seal"],
  SetBlobTags: ["Blob_SetTags"],
  DeleteBlob: ["Blob_Delete"],
};

/** What makes a request of an operation complete. */
const OWN_HEADERS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  LeaseContainer: { "x-ms-lease-action": "acquire", "x-ms-lease-duration": "15" },
  LeaseBlob: { "x-ms-lease-action": "acquire", "x-ms-lease-duration": "15" },
  PutBlob: { "x-ms-blob-type": "BlockBlob" },
  PutBlobFromUrl: { "x-ms-blob-type": "BlockBlob" },
  PutPage: { "x-ms-page-write": "update" },
  PutPageFromUrl: { "x-ms-page-write": "update", "x-ms-range": "bytes=0-511" },
  SetBlobTier: { "x-ms-access-tier": "Cool" },
  AbortCopyBlob: { "x-ms-copy-action": "abort" },
};
const OWN_QUERY: Readonly<Record<string, string>> = {
  PutBlock: "&blockid=AAAA",
  PutBlockFromUrl: "&blockid=AAAA",
  AbortCopyBlob: "&copyid=11111111-1111-4111-8111-111111111111",
};
const BODIES: Readonly<Record<string, string>> = {
  PutBlockList: "<BlockList></BlockList>",
  SetBlobTags: "<Tags><TagSet></TagSet></Tags>",
  SetContainerAcl: "<SignedIdentifiers></SignedIdentifiers>",
  SetBlobServiceProperties: "<StorageServiceProperties></StorageServiceProperties>",
};
const PATHS: Readonly<Record<BlobLevel, string>> = { service: "/", container: "/other", blob: "/other/blob" };

const rows = Object.entries(BLOB_OPERATIONS).flatMap(([level, operations]) =>
  Object.entries(operations).map(([named, operation]) => ({ level: level as BlobLevel, named, operation })),
);

function requestOf({ level, named, operation }: (typeof rows)[number]) {
  const [method = "", restype = "", comp = ""] = (named.split("+")[0] ?? "").split(" ");
  const query = [restype === "-" ? "" : `restype=${restype}`, comp === "-" ? "" : `comp=${comp}`]
    .filter((part) => part !== "")
    .join("&");
  const source = named.includes("+") ? { "x-ms-copy-source": `https://${STORE_HOST}/kept/blob` } : {};
  const body = BODIES[operation.name];
  return {
    method,
    path: PATHS[level],
    query: query + (OWN_QUERY[operation.name] ?? ""),
    headers: { ...source, ...OWN_HEADERS[operation.name] },
    ...(body !== undefined && { body }),
  };
}

const has = ({ headers }: BlobOperation, name: string) =>
  headers.some((own) => own === name || (own.endsWith("-") && name.startsWith(own)));

/** Of all operations together, and some that belong to none. */
const HEADERS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    rows
      .flatMap(({ operation }) => operation.headers)
      .map((name) => [name.endsWith("-") ? `${name}x` : name, "1"]),
  ),
  ...Object.assign({}, ...Object.values(OWN_HEADERS)),
  "x-ms-copy-action": "abort",
  "x-ms-requires-sync": "true",
  "x-original-url": "/kept?restype=container",
  "x-forwarded-host": "otheraccount.blob.core.windows.net",
  "x-forwarded-proto": "http",
};
const PARAMETERS = [...new Set(rows.flatMap(({ operation }) => operation.query)), "sig", "si", "x"];
/** They decide which operation it is, for the front as well, or end the request. */
const DECISIVE = [
  "x-ms-blob-type",
  "x-ms-copy-source",
  "x-ms-structured-body",
  "x-ms-structured-content-length",
  "content-md5",
];
const CONDITIONS = ["if-match", "if-none-match", "if-modified-since", "if-unmodified-since", "x-ms-if-tags"];

test("X-HTTP-Method makes a deletion of what was judged as a read", async () => {
  for (const method of ["DELETE", "PATCH", "GET", "MERGE", " DELETE"]) {
    const reply = await store.signed({
      method: "GET",
      path: "/kept/blob",
      headers: { "x-http-method": method },
    });
    expect(reply.headers["x-ms-error-code"]).toBe("UnsupportedHeader");
  }
  for (const name of Object.keys(UNBUILT_HEADERS)) {
    const reply = await store.signed({ method: "HEAD", path: "/kept/blob", headers: { [name]: "DELETE" } });
    expect([reply.status, reply.headers["x-ms-error-code"]], name).toEqual([400, "UnsupportedHeader"]);
  }
  expect((await store.signed({ method: "GET", path: "/kept/blob" })).text).toBe("text");
});

test("a thousand parameters before comp hide it from one of the two readers", async () => {
  const dummies = Array.from({ length: 1_000 }, (_, at) => `p${at}=1`).join("&");
  for (const query of [
    `${dummies}&restype=container&comp=metadata`,
    "restype=container&comp=metadata&comp=acl",
    "restype=container&comp=metadata&COMP=acl",
    "restype=container&comp[]=metadata",
    "restype=container&comp.x[0]=metadata&%63omp=acl&comp=lease",
    "restype=container&comp=%ff",
    "restype=container&comp=%",
  ]) {
    const reply = await store.signed({ method: "PUT", path: "/kept", query });
    expect([reply.status, reply.headers["x-ms-error-code"]], query.slice(-60)).toEqual([
      400,
      expect.stringMatching(/^Invalid(QueryParameterValue|Uri)$/),
    ]);
  }
});

/** The last one: Azurite's log is whole when Azurite has ended. */
test("an operation of the table, with the headers and parameters of all others, is done as another one", async () => {
  const expected = new Map<
    string,
    { readonly behind: readonly string[]; readonly operation: BlobOperation }
  >();
  for (const row of rows.filter(({ operation }) => operation.unbuilt === undefined)) {
    const own = requestOf(row);
    const strange = Object.fromEntries(
      Object.entries(HEADERS).filter(
        ([name]) => !has(row.operation, name) && !DECISIVE.includes(name) && !CONDITIONS.includes(name),
      ),
    );
    const isDeletion = row.operation.name === "DeleteBlob";
    const foreign = PARAMETERS.filter((name) => !row.operation.query.includes(name))
      .filter((name) => name !== "sig" && !(isDeletion && (name === "versionid" || name === "deletetype")))
      .map((name) => `${name}=1`);
    const [plain, smuggled] = [`${row.level} ${row.named} plain`, `${row.level} ${row.named} smuggled`];
    const id = (name: string) => ({ "x-ms-client-request-id": name.replaceAll(" ", "_") });
    await store.signed({ ...own, headers: { ...own.headers, ...id(plain) } });
    await store.signed({
      ...own,
      query: [own.query, ...foreign].filter((part) => part !== "").join("&"),
      headers: { ...strange, ...own.headers, ...id(smuggled) },
    });
    for (const name of [plain, smuggled])
      expected.set(name.replaceAll(" ", "_"), {
        behind: BEHIND[row.operation.name] ?? [],
        operation: row.operation,
      });
  }
  const done = await store.done();
  for (const [id, { behind, operation }] of expected) {
    const { operations: seen = [], parameters = [] } = done.get(id) ?? {};
    const own = ["restype", "comp", "timeout", ...operation.query];
    expect(
      parameters.filter((name) => !own.includes(name)),
      id,
    ).toEqual([]);
    expect(
      seen.filter((name) => !behind.includes(name)),
      `${id} was done as ${seen}`,
    ).toEqual([]);
    expect(seen.length > 0, `${id} was done as nothing`).toBe(behind.length > 0);
  }
}, 60_000);
