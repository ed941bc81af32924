/**
 * What the Blob service does with copies, signatures, checksums, versions, and with what it does not have, as Azure's client and raw requests
 * find it: what is not done is refused by name, and nothing is taken and then left undone.
 */
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import {
  BlobSASPermissions,
  BlobServiceClient,
  ContainerClient,
  generateBlobSASQueryParameters,
  newPipeline,
  RestError,
  StorageSharedKeyCredential,
} from "@azure/storage-blob";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { signedQuery } from "../../../src/core/storage/sas.ts";
import { sharedKeyText } from "../../../src/core/storage/shared-key.ts";
import { ArmClient } from "../arm-client.fixture.ts";
import { type RawReply, type RawRequest, send } from "../raw-request.fixture.ts";
import { type RunningService, runningService } from "../running-service.fixture.ts";
import {
  STORAGE_ACCOUNT,
  STORAGE_TENANT,
  type StorageApplication,
  storageAccountId,
  storageApplications,
  storageSeed,
} from "./storage.fixture.ts";

const HOST = `${STORAGE_ACCOUNT}.blob.core.windows.net`;
const AZURE = `https://${HOST}`;
const CONTAINER = "things";
const { contributor, reader } = storageApplications;

let service: RunningService;
let key: Buffer;
let signing: StorageSharedKeyCredential;
let blobs: BlobServiceClient;
let container: ContainerClient;

beforeAll(async () => {
  service = await runningService({ seed: storageSeed });
  setDefaultCACertificates([...getCACertificates(), service.ca]);
  const arm = await ArmClient.signIn(service, contributor, STORAGE_TENANT);
  const { json } = await arm.send("POST", `${storageAccountId}/listKeys`, { version: "2023-01-01" });
  key = Buffer.from(json.keys[0].value, "base64");
  signing = new StorageSharedKeyCredential(STORAGE_ACCOUNT, json.keys[0].value);
  blobs = new BlobServiceClient(String(service.ready.blob), pipeline(signing));
  container = blobs.getContainerClient(CONTAINER);
  await container.create();
  await blob("source").upload("content", 7, { tags: { of: "source" } });
}, 60_000);
afterAll(() => service.close());

const pipeline = (credential?: Parameters<typeof newPipeline>[0]) =>
  newPipeline(credential, { retryOptions: { maxTries: 1 } });

const blob = (name: string) => container.getBlockBlobClient(name);
const tokens = (who: StorageApplication) => ({
  getToken: async () => ({
    token: await ArmClient.tokenOf(service, who, "https://storage.azure.com", STORAGE_TENANT),
    expiresOnTimestamp: Date.now() + 600_000,
  }),
});
const inAnHour = () => new Date(Date.now() + 3_600_000);

/** A service's signature for one blob, by Azure's client. */
function signature(blobName: string, permissions: string, more: object = {}): string {
  const values = {
    containerName: CONTAINER,
    blobName,
    permissions: BlobSASPermissions.parse(permissions),
    expiresOn: inAnHour(),
    ...more,
  };
  return generateBlobSASQueryParameters(values, signing).toString();
}

/** What the service has against a call. */
async function refusal(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof RestError)) throw error;
    return `${error.statusCode} ${(error.details as { errorCode?: string })?.errorCode ?? error.code}`;
  }
  return "done";
}

const said = ({ status, headers }: RawReply) =>
  status < 400 ? String(status) : `${status} ${headers["x-ms-error-code"]}`;

function raw(method: string, path: string, more: Partial<RawRequest> = {}): Promise<RawReply> {
  const main = { port: Number(new URL(service.ready.management).port) };
  const headers = { "x-ms-version": "2021-12-02", ...more.headers };
  return send({ main, ca: service.ca }, { method, path, host: HOST, ...more, headers });
}

/** Signed by the account's key, in either scheme. */
async function signed(
  method: string,
  path: string,
  {
    headers = {},
    body = "",
    scheme = "SharedKey",
  }: { headers?: Record<string, string>; body?: string | Buffer; scheme?: string } = {},
): Promise<RawReply> {
  const [plain = "", query = ""] = path.split("?");
  const all: Record<string, string> = {
    "x-ms-version": "2021-12-02",
    "x-ms-date": new Date().toUTCString(),
    "content-length": String(Buffer.byteLength(body)),
    ...headers,
  };
  const text = sharedKeyText(scheme.toLowerCase() as "sharedkey", STORAGE_ACCOUNT, {
    method,
    path: plain,
    query,
    headers: all,
  });
  const mac = signing.computeHMACSHA256(text);
  return raw(method, path, {
    headers: { ...all, authorization: `${scheme} ${STORAGE_ACCOUNT}:${mac}` },
    body,
  });
}

describe("content from an address with a signature", () => {
  const source = (query = signature("source", "r"), name = "source") =>
    `${AZURE}/${CONTAINER}/${name}?${query}`;

  test("Copy Blob: 202, and the copy is there", async () => {
    const reply = await signed("PUT", `/${CONTAINER}/copied`, { headers: { "x-ms-copy-source": source() } });
    expect([said(reply), reply.headers["x-ms-copy-status"]]).toEqual(["202", "success"]);
    const again = await blob("copied-again").beginCopyFromURL(source());
    expect((await again.pollUntilDone()).copyStatus).toBe("success");
    for (const name of ["copied", "copied-again"])
      expect((await blob(name).downloadToBuffer()).toString(), name).toBe("content");
  });

  test("Put Block, Put Blob and Append Block From URL: 201", async () => {
    const id = Buffer.from("000").toString("base64");
    await blob("block").stageBlockFromURL(id, source(), 1, 3);
    await blob("block").commitBlockList([id]);
    expect((await blob("block").downloadToBuffer()).toString()).toBe("ont");
    await blob("whole").syncUploadFromURL(source());
    expect((await blob("whole").downloadToBuffer()).toString()).toBe("content");
    const appended = container.getAppendBlobClient("appended");
    await appended.create();
    await appended.appendBlockFromURL(source(), 0, 7);
    expect((await appended.downloadToBuffer()).toString()).toBe("content");
  });

  test("with a signature that is wrong, over, for another blob, or none that reads: CannotVerifyCopySource", async () => {
    for (const query of [
      signature("source", "r").replace(/sig=../, "sig=AA"),
      signature("source", "r", { expiresOn: new Date(Date.now() - 60_000) }),
      signature("other", "r"),
    ]) {
      const reply = await signed("PUT", `/${CONTAINER}/x`, {
        headers: { "x-ms-copy-source": source(query) },
      });
      expect(said(reply), query).toBe("403 CannotVerifyCopySource");
    }
    expect(await refusal(blob("x").syncUploadFromURL(source(signature("source", "w"))))).toMatch(/^403 /);
    expect(await refusal(blob("x").getProperties())).toBe("404 BlobNotFound");
  });
});

test("a preflight is answered by the rules that the client set", async () => {
  const rule = {
    allowedOrigins: "https://app.contoso.com",
    allowedMethods: "GET,PUT",
    allowedHeaders: "x-ms-*",
    exposedHeaders: "x-ms-*",
    maxAgeInSeconds: 30,
  };
  await blobs.setProperties({ cors: [rule] });
  expect((await blobs.getProperties()).cors).toEqual([rule]);
  const preflight = (origin: string, method: string) =>
    raw("OPTIONS", `/${CONTAINER}/source`, { headers: { origin, "access-control-request-method": method } });
  const allowed = await preflight("https://app.contoso.com", "PUT");
  expect([allowed.status, allowed.headers["access-control-allow-origin"]]).toEqual([
    200,
    "https://app.contoso.com",
  ]);
  expect(said(await preflight("https://app.contoso.com", "DELETE"))).toBe("403 CorsPreflightFailure");
  await blobs.setProperties({ cors: [] });
});

test("a signature of a user who may only read writes nothing: AuthorizationPermissionMismatch", async () => {
  const asReader = new BlobServiceClient(String(service.ready.blob), pipeline(tokens(reader)));
  const delegation = await asReader.getUserDelegationKey(new Date(Date.now() - 60_000), inAnHour());
  const values = {
    containerName: CONTAINER,
    blobName: "source",
    permissions: BlobSASPermissions.parse("rcw"),
    expiresOn: inAnHour(),
  };
  const query = generateBlobSASQueryParameters(values, delegation, STORAGE_ACCOUNT).toString();
  const by = new ContainerClient(`${service.ready.blob}/${CONTAINER}?${query}`, pipeline());
  expect((await by.getBlobClient("source").downloadToBuffer()).toString()).toBe("content");
  expect(await refusal(by.getBlockBlobClient("source").upload("x", 1))).toBe(
    "403 AuthorizationPermissionMismatch",
  );
});

test("what kind of account it is, is told on a container and a blob too; SharedKeyLite signs", async () => {
  for (const of of [blobs, container, blob("source")])
    expect(await of.getAccountInfo()).toMatchObject({ accountKind: "StorageV2", skuName: "Standard_LRS" });
  const path = `/${CONTAINER}/source?restype=account&comp=properties`;
  expect((await signed("HEAD", path)).headers["x-ms-account-kind"]).toBe("StorageV2");
  const lite = await signed("GET", `/${CONTAINER}/source`, { scheme: "SharedKeyLite" });
  expect([lite.status, lite.text]).toEqual([200, "content"]);
});

describe("bodies in frames with checksums", () => {
  const CHECKED = { contentChecksumAlgorithm: "StorageCrc64" } as const;
  const big = Buffer.alloc(5 * 1024 * 1024 + 17, "some text ");

  test("Azure's client writes them, and what is kept is the content", async () => {
    await blob("framed").upload(big, big.length, CHECKED);
    await blob("framed-blocks").uploadData(big, { ...CHECKED, blockSize: 1024 * 1024, maxSingleShotSize: 1 });
    for (const name of ["framed", "framed-blocks"])
      expect(big.equals(await blob(name).downloadToBuffer()), name).toBe(true);
  });

  test("and reads them", async () => {
    await blob("read").upload(big, big.length);
    expect(big.equals(await blob("read").downloadToBuffer(0, undefined, CHECKED))).toBe(true);
  });

  test("frames that are cut short, and a content that is not what its checksum says, are refused", async () => {
    const headers = {
      "x-ms-blob-type": "BlockBlob",
      "x-ms-structured-body": "XSM/1.0; properties=crc64",
      "x-ms-structured-content-length": "4",
    };
    expect(said(await signed("PUT", `/${CONTAINER}/x`, { headers, body: "text" }))).toBe("400 InvalidInput");
    const other = { ...headers, "x-ms-structured-body": "XSM/2.0; properties=crc64" };
    expect(said(await signed("PUT", `/${CONTAINER}/x`, { headers: other, body: "text" }))).toBe(
      "400 InvalidHeaderValue",
    );
    const crc = { "x-ms-blob-type": "BlockBlob", "x-ms-content-crc64": Buffer.alloc(8).toString("base64") };
    expect(said(await signed("PUT", `/${CONTAINER}/x`, { headers: crc, body: "text" }))).toBe(
      "400 Crc64Mismatch",
    );
    expect(await refusal(blob("x").getProperties())).toBe("404 BlobNotFound");
  });
});

test("conditions and places of lists that nobody looks at are refused, and nothing is done", async () => {
  const conditions = { ifMatch: '"0x8D0000000000000"' };
  const tagged = await refusal(blob("source").setTags({ of: "nobody" }, { conditions }));
  expect(tagged).toBe("400 UnsupportedHeader");
  expect((await blob("source").getTags()).tags).toEqual({ of: "source" });
  for (const place of ["startFrom=m", "endbefore=m"]) {
    const list = await signed("GET", `/${CONTAINER}?restype=container&comp=list&${place}`);
    expect(said(list)).toBe("400 UnsupportedQueryParameter");
  }
  const headers = {
    "x-ms-blob-type": "BlockBlob",
    "x-ms-copy-source": `${AZURE}/${CONTAINER}/source?${signature("source", "rt")}`,
    "x-ms-copy-source-tag-option": "COPY",
  };
  expect(said(await signed("PUT", `/${CONTAINER}/x`, { headers }))).toBe("400 UnsupportedHeader");
  const other = {
    ...headers,
    "x-ms-copy-source-tag-option": "REPLACE",
    "content-md5": "AAAAAAAAAAAAAAAAAAAAAA==",
  };
  expect(said(await signed("PUT", `/${CONTAINER}/x`, { headers: other }))).toBe("400 Md5Mismatch");
});

test("soft delete is refused when it is switched on, and so is undelete", async () => {
  const enabled = { deleteRetentionPolicy: { enabled: true, days: 7 } };
  expect(await refusal(blobs.setProperties(enabled))).toBe("501 FeatureNotSupported");
  expect((await blobs.getProperties()).deleteRetentionPolicy?.enabled ?? false).toBe(false);
  expect(await refusal(blob("source").undelete())).toBe("501 FeatureNotSupported");
  expect(await refusal(blobs.undeleteContainer("gone", "01D60F8BB59A4652"))).toBe("501 FeatureNotSupported");
});

describe("each field of a signature restricts", () => {
  const day = 86_400_000;
  const at = (ms: number) => `${new Date(Date.now() + ms).toISOString().slice(0, 19)}Z`;
  const FIELDS = { sv: "2021-12-02", sr: "b", sp: "r", st: at(-day), se: at(day), spr: "https" };
  const target = { account: STORAGE_ACCOUNT, container: CONTAINER, blob: "source" };
  const query = (fields: Record<string, string | undefined>) =>
    signedQuery("service", target, withoutEmpty({ ...FIELDS, ...fields }), key);
  const withoutEmpty = (fields: Record<string, string | undefined>) =>
    Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Record<
      string,
      string
    >;
  const get = (fields: Record<string, string | undefined>, path = `/${CONTAINER}/source`) =>
    raw("GET", `${path}?${query(fields)}`);

  test("a right one reads", async () => {
    expect((await get({})).text).toBe("content");
    expect((await get({ sip: "127.0.0.0-127.0.0.9", rsct: "text/x" })).headers["content-type"]).toBe(
      "text/x",
    );
  });

  test.each([
    ["permissions", { sp: "w" }, "403 AuthorizationPermissionMismatch"],
    ["start", { st: at(day / 2) }, "403 AuthenticationFailed"],
    ["end", { se: at(-day / 2) }, "403 AuthenticationFailed"],
    ["address", { sip: "10.0.0.1" }, "403 AuthorizationSourceIPMismatch"],
    ["protocol", { spr: "http" }, "403 AuthenticationFailed"],
    ["policy", { si: "none", sp: undefined, se: undefined, st: undefined }, "403 AuthenticationFailed"],
    ["version", { sv: "2014-02-14" }, "403 AuthenticationFailed"],
    ["encryption scope", { ses: "scope" }, "403 AuthenticationFailed"],
  ])("%s", async (_, fields, expected) => {
    expect(said(await get(fields))).toBe(expected);
  });

  test("resource: of one blob it opens no other, no list, and none of its snapshots", async () => {
    expect(said(await get({}, `/${CONTAINER}/copied`))).toBe("403 AuthenticationFailed");
    const list = `/${CONTAINER}?restype=container&comp=list&${query({ sp: "rl" })}`;
    expect(said(await raw("GET", list))).toMatch(/^403 Auth/);
    const { snapshot } = await blob("source").createSnapshot();
    const path = `/${CONTAINER}/source?snapshot=${encodeURIComponent(String(snapshot))}`;
    const ofSnapshot = signedQuery(
      "service",
      target,
      { ...FIELDS, sr: "bs", snapshot: String(snapshot) },
      key,
    );
    expect((await raw("GET", `/${CONTAINER}/source?${ofSnapshot}`)).text).toBe("content");
    const other = ofSnapshot.replace(/snapshot=[^&]*/, "snapshot=2020-01-01T00%3A00%3A00.0000000Z");
    expect(said(await raw("GET", `/${CONTAINER}/source?${other}`))).toBe("403 AuthenticationFailed");
    expect(said(await raw("GET", `${path}&${query({ sr: "bs" })}`))).toBe("403 AuthenticationFailed");
  });

  test("services and resource types of an account's", async () => {
    const ofAccount = (fields: Record<string, string>) =>
      signedQuery(
        "account",
        { account: STORAGE_ACCOUNT },
        { sv: "2021-12-02", ss: "b", srt: "sco", sp: "rl", se: at(day), ...fields },
        key,
      );
    const read = async (fields: Record<string, string>, path = `/${CONTAINER}/source?`) =>
      said(await raw("GET", path + ofAccount(fields)));
    expect(await read({})).toBe("200");
    expect(await read({ ss: "qt" })).toBe("403 AuthenticationFailed");
    expect(await read({ srt: "sc" })).toBe("403 AuthorizationResourceTypeMismatch");
    expect(await read({ srt: "o" }, "/?comp=list&")).toBe("403 AuthorizationResourceTypeMismatch");
    expect(await read({ sp: "l" })).toBe("403 AuthorizationPermissionMismatch");
  });

  test("and none can be changed afterwards", async () => {
    const whole = new URLSearchParams(query({ sip: "127.0.0.1", rscc: "no-store" }));
    for (const name of [...whole.keys()].filter((field) => field !== "sig")) {
      const changed = new URLSearchParams(whole);
      changed.delete(name);
      const reply = await raw("GET", `/${CONTAINER}/source?${changed}`);
      expect([name, said(reply)]).toEqual([name, "403 AuthenticationFailed"]);
    }
  });

  test("what is wrong with it is told: 403 AuthenticationFailed with AuthenticationErrorDetail", async () => {
    const detail = (reply: RawReply) =>
      /<AuthenticationErrorDetail>([^<]+)</.exec(reply.text)?.[1]?.slice(0, 24);
    const wrong = await raw("GET", `/${CONTAINER}/source?${query({}).replace(/sig=../, "sig=AA")}`);
    expect([said(wrong), detail(wrong)]).toEqual(["403 AuthenticationFailed", "Signature did not match."]);
    const over = await get({ se: at(-1_000) });
    expect([said(over), detail(over)]).toEqual(["403 AuthenticationFailed", "Signature not valid in t"]);
    await container.setAccessPolicy(undefined, [
      { id: "readers", accessPolicy: { permissions: "r", startsOn: new Date(0), expiresOn: inAnHour() } },
    ]);
    const byPolicy = { si: "readers", sp: undefined, se: undefined, st: undefined };
    expect((await get(byPolicy)).text).toBe("content");
    await container.setAccessPolicy(undefined, []);
    const revoked = await get(byPolicy);
    expect([said(revoked), detail(revoked)]).toEqual([
      "403 AuthenticationFailed",
      "The container has no acc",
    ]);
  });
});

test("blobs are found by their tags wherever they stand, page by page, also those of one name", async () => {
  const other = blobs.getContainerClient("things-too");
  await other.create();
  for (const name of ["a1", "a2", "a3"]) await blob(name).upload("", 0, { tags: { wanted: "no" } });
  for (const of of [container, other]) {
    for (const name of ["z1", "z2"])
      await of.getBlockBlobClient(name).upload("", 0, { tags: { wanted: "yes" } });
  }
  const found = async (pages: AsyncIterable<{ blobs: { containerName: string; name: string }[] }>) => {
    const names: string[] = [];
    for await (const page of pages) {
      expect(page.blobs.length).toBeLessThanOrEqual(1);
      names.push(...page.blobs.map(({ containerName, name }) => `${containerName}/${name}`));
    }
    return names.sort();
  };
  const byPage = { maxPageSize: 1 };
  expect(await found(blobs.findBlobsByTags("wanted='yes'").byPage(byPage))).toEqual([
    "things-too/z1",
    "things-too/z2",
    "things/z1",
    "things/z2",
  ]);
  expect(await found(container.findBlobsByTags("wanted='yes'").byPage(byPage))).toEqual([
    "things/z1",
    "things/z2",
  ]);
  await other.delete();
});

describe("refusals and versions", () => {
  test("headers and XML that are no good: 400 with a code and a body", async () => {
    const lease = { "x-ms-lease-action": "acquire", "x-ms-lease-duration": "forever" };
    const xml = { "content-type": "application/xml" };
    for (const [method, path, headers, body] of [
      ["PUT", `/${CONTAINER}/source?comp=lease`, lease, ""],
      ["PUT", `/${CONTAINER}/x`, { "x-ms-blob-type": "RoundBlob" }, ""],
      ["PUT", `/${CONTAINER}/source?comp=tier`, { "x-ms-access-tier": "Lukewarm" }, ""],
      ["PUT", `/${CONTAINER}/source?comp=tags`, xml, "<Tags"],
      ["PUT", `/${CONTAINER}/x?comp=blocklist`, xml, "<BlockList><Latest>"],
      ["PUT", `/${CONTAINER}?restype=container&comp=acl`, xml, "<SignedIdentifiers"],
      ["PUT", "/?restype=service&comp=properties", xml, "no xml"],
      ["GET", `/${CONTAINER}?restype=container&comp=list&maxresults=many`, {}, ""],
    ] as const) {
      const reply = await signed(method, path, { headers: { ...headers }, body });
      expect(said(reply), path).toMatch(/^400 \w+$/);
      expect(reply.text, path).toContain(`<Code>${reply.headers["x-ms-error-code"]}</Code>`);
    }
  });

  test("an answer names the version that was asked for, errors too; one that never was is refused", async () => {
    for (const version of ["2015-02-21", "2019-12-12", "2021-12-02", "2026-04-06"]) {
      const there = await signed("HEAD", `/${CONTAINER}/source`, { headers: { "x-ms-version": version } });
      const absent = await signed("GET", `/${CONTAINER}/absent`, { headers: { "x-ms-version": version } });
      expect([there.status, there.headers["x-ms-version"]]).toEqual([200, version]);
      expect([said(absent), absent.headers["x-ms-version"]]).toEqual(["404 BlobNotFound", version]);
    }
    for (const version of ["1999-01-01", "2020-01-01", "newest"]) {
      const reply = await signed("HEAD", `/${CONTAINER}/source`, { headers: { "x-ms-version": version } });
      expect([said(reply), reply.headers["x-ms-version"]]).toEqual([
        "400 InvalidHeaderValue",
        expect.any(String),
      ]);
    }
  });

  test("queries, customers' keys, encryption scopes and immutability are refused by name", async () => {
    expect(await refusal(blob("source").query("SELECT * FROM BlobStorage"))).toBe("501 FeatureNotSupported");
    const customerProvidedKey = {
      encryptionAlgorithm: "AES256" as const,
      encryptionKey: Buffer.alloc(32).toString("base64"),
      encryptionKeySha256: Buffer.alloc(32).toString("base64"),
    };
    expect(await refusal(blob("x").upload("x", 1, { customerProvidedKey }))).toBe("400 UnsupportedHeader");
    expect(await refusal(blob("x").upload("x", 1, { encryptionScope: "scope" }))).toBe(
      "400 UnsupportedHeader",
    );
    const immutable = { immutabilityPolicy: { policyMode: "Unlocked" as const, expiriesOn: inAnHour() } };
    expect(await refusal(blob("x").upload("x", 1, immutable))).toBe("400 UnsupportedHeader");
    expect(await refusal(blob("source").setLegalHold(true))).toBe("400 UnsupportedHeader");
    expect(await refusal(blob("source").deleteImmutabilityPolicy())).toBe("501 FeatureNotSupported");
    expect(await refusal(blob("x").getProperties())).toBe("404 BlobNotFound");
  });
});
