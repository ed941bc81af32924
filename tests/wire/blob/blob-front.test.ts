/** The front of the Blob service in plain HTTP: who is refused, with what, and what never reaches the program behind. */
import { once } from "node:events";
import { connect } from "node:tls";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ArmClient, outcome } from "../arm-client.fixture.ts";
import { postForm, type RawReply, type RawRequest, send, sendTo } from "../raw-request.fixture.ts";
import { type RunningService, runningService } from "../running-service.fixture.ts";
import {
  OTHER_TENANT,
  STORAGE_ACCOUNT,
  STORAGE_TENANT,
  type StorageApplication,
  storageAccountId,
  storageApplications,
  storageSeed,
  stranger,
} from "./storage.fixture.ts";
import { storageSharedKey } from "./storage-signing.fixture.ts";

const AUDIENCE = "https://storage.azure.com";
const HOST = `${STORAGE_ACCOUNT}.blob.core.windows.net`;
const { contributor, reader, narrow, manager, nobody } = storageApplications;

let service: RunningService;
let now = Date.now();
const main = () => ({ main: { port: Number(new URL(service.ready.management).port) }, ca: service.ca });

beforeAll(async () => {
  service = await runningService({ seed: storageSeed, clock: () => now });
  for (const container of ["wide", "narrow"]) {
    expect(await blob("PUT", `/${container}?restype=container`, contributor)).toBe("201");
    expect(await put(`/${container}/kept`, contributor, "text")).toBe("201");
  }
}, 30_000);
afterAll(() => service.close());

async function tokenOf(
  { clientId, clientSecret }: StorageApplication,
  resource = AUDIENCE,
  tenant = STORAGE_TENANT,
) {
  const form = {
    grant_type: "client_credentials",
    client_id: clientId,
    client_secret: clientSecret,
    resource,
  };
  const { json } = await postForm(main(), `/${tenant}/oauth2/token`, form);
  return json.access_token as string;
}

function blobRaw(method: string, path: string, token: string | undefined, more: Partial<RawRequest> = {}) {
  const { headers, ...rest } = more;
  const own = { "x-ms-version": "2021-12-02", ...(token && { authorization: `Bearer ${token}` }) };
  return send(main(), { method, path, host: HOST, ...rest, headers: { ...own, ...headers } });
}

const said = ({ status, headers }: RawReply) =>
  status < 400 ? String(status) : `${status} ${headers["x-ms-error-code"]}`;

async function blob(method: string, path: string, who: StorageApplication, more?: Partial<RawRequest>) {
  return said(await blobRaw(method, path, await tokenOf(who), more));
}

const put = (path: string, who: StorageApplication, body: string, headers: Record<string, string> = {}) =>
  blob("PUT", path, who, {
    body,
    headers: { "x-ms-blob-type": "BlockBlob", "content-length": String(body.length), ...headers },
  });

describe("who", () => {
  test("nobody at all: 401 that says where to sign in", async () => {
    const reply = await blobRaw("GET", "/wide/kept", undefined);
    expect(said(reply)).toBe("401 NoAuthenticationInformation");
    expect(reply.headers["www-authenticate"]).toContain(`${STORAGE_TENANT}/oauth2/authorize`);
    expect(reply.text).toMatch(/^<\?xml .*<Error><Code>NoAuthenticationInformation<\/Code>/);
    expect(said(await blobRaw("HEAD", "/wide/kept", undefined))).toBe("401 NoAuthenticationInformation");
  });

  test.each([AUDIENCE, `${AUDIENCE}/`, `https://${HOST}`, `https://${HOST}/`])(
    "a token for %s is taken",
    async (audience) => {
      const reply = await blobRaw("GET", "/wide/kept", await tokenOf(reader, audience));
      expect([reply.status, reply.text]).toEqual([200, "text"]);
    },
  );

  test("a token for another audience, of another tenant, expired, changed", async () => {
    const refused = async (token: string) => said(await blobRaw("GET", "/wide/kept", token));
    expect(await refused(await tokenOf(reader, "https://batch.core.windows.net/"))).toBe(
      "401 InvalidAuthenticationInfo",
    );
    expect(await refused(await tokenOf(reader, "https://otheraccount.blob.core.windows.net"))).toBe(
      "401 InvalidAuthenticationInfo",
    );
    expect(await refused(await tokenOf(stranger, AUDIENCE, OTHER_TENANT))).toBe(
      "401 InvalidAuthenticationInfo",
    );
    const token = await tokenOf(reader);
    expect(await refused(token.slice(0, -4) + (token.endsWith("AAAA") ? "BBBB" : "AAAA"))).toBe(
      "401 InvalidAuthenticationInfo",
    );
    now += 3_700_000;
    expect(await refused(token)).toBe("401 InvalidAuthenticationInfo");
  });
});

describe("what roles allow", () => {
  test("no role for data, not even Contributor's", async () => {
    for (const who of [nobody, manager]) {
      expect(await blob("GET", "/wide/kept", who)).toBe("403 AuthorizationPermissionMismatch");
      expect(await put("/wide/new", who, "x")).toBe("403 AuthorizationPermissionMismatch");
      // As it is for what does not exist.
      expect(await blob("GET", "/absent/blob", who)).toBe("403 AuthorizationPermissionMismatch");
    }
  });

  test("a reader reads and lists, and changes nothing", async () => {
    expect(await blob("GET", "/wide/kept", reader)).toBe("200");
    expect(await blob("GET", "/wide?restype=container&comp=list", reader)).toBe("200");
    expect(await blob("GET", "/?comp=list", reader)).toBe("200");
    for (const [method, path] of [
      ["DELETE", "/wide/kept"],
      ["DELETE", "/wide?restype=container"],
      ["PUT", "/fresh?restype=container"],
      ["PUT", "/wide/kept?comp=metadata"],
      ["PUT", "/wide/kept?comp=lease"],
      ["PUT", "/wide/kept?comp=tags"],
      ["PUT", "/?restype=service&comp=properties"],
    ] as const) {
      expect(await blob(method, path, reader), path).toBe("403 AuthorizationPermissionMismatch");
    }
  });

  test("a role on one container ends there, also for what is copied from", async () => {
    expect(await put("/narrow/own", narrow, "mine")).toBe("201");
    expect(await blob("GET", "/wide/kept", narrow)).toBe("403 AuthorizationPermissionMismatch");
    expect(await blob("GET", "/?comp=list", narrow)).toBe("403 AuthorizationPermissionMismatch");
    const copy = (source: string) =>
      blob("PUT", "/narrow/copy", narrow, {
        headers: { "x-ms-copy-source": source, "content-length": "0" },
      });
    expect(await copy(`https://${HOST}/wide/kept`)).toBe("403 AuthorizationPermissionMismatch");
    expect(await copy(`https://${HOST}/narrow/own`)).toBe("202");
    for (const source of [
      `https://${HOST}/narrow/../wide/kept`,
      `https://${HOST}/narrow/%2e%2e/wide/kept`,
      "https://otheraccount.blob.core.windows.net/narrow/own",
      "https://169.254.169.254/metadata/identity",
      `http://127.0.0.1:${new URL(service.ready.plain).port}/health`,
      `https://user@${HOST}/narrow/own`,
    ]) {
      expect(await copy(source), source).toMatch(/^40[03] (CannotVerifyCopySource|InvalidUri)$/);
    }
  });

  test("a denial is remembered and audited under its request id", async () => {
    const { headers } = await blobRaw("DELETE", "/wide/kept", await tokenOf(reader));
    const arm = await ArmClient.signIn(service, contributor, STORAGE_TENANT);
    const version = "2026-01-01";
    const path = `/providers/Batchyard.Access/denials/${headers["x-ms-request-id"]}`;
    const { json } = await arm.send("GET", path, { version });
    expect(json).toMatchObject({
      plane: "blob",
      operation: "DeleteBlob",
      scope: `${storageAccountId}/blobServices/default/containers/wide`,
      builtInRoles: ["Storage Blob Data Contributor", "Storage Blob Data Owner"],
    });
  });
});

describe("tricks", () => {
  test("paths that could be read in two ways", async () => {
    const token = await tokenOf(narrow);
    for (const path of [
      "/narrow/../wide/kept",
      "/narrow/%2e%2e/wide/kept",
      "/narrow%2f..%2fwide/kept",
      "//wide/kept",
      "/wide%00/kept",
      "/narrow\\..\\wide/kept",
      "/narrow/x#/../../wide/kept",
      "/narrow/kept?x=#&comp=list",
      "/NARROW/kept",
      "/nar--row/kept",
    ]) {
      expect(said(await blobRaw("GET", path, token)), path).toMatch(/^400 Invalid(Uri|ResourceName)$/);
    }
    expect(said(await blobRaw("GET", "/narrow/kept?comp=list&comp=metadata", token))).toBe(
      "400 InvalidQueryParameterValue",
    );
    expect(said(await blobRaw("GET", "/narrow/kept?comp=whatever", token))).toBe("405 UnsupportedHttpVerb");
    expect(said(await blobRaw("GET", "/narrow/kept?sig=x", token))).toBe("403 AuthenticationFailed");
  });

  test("hosts: another account, more labels, no host of ours", async () => {
    const token = await tokenOf(contributor);
    const of = async (host: string) => (await blobRaw("GET", "/wide/kept", token, { host })).status;
    expect(await of("unknown.blob.core.windows.net")).toBe(404);
    expect(await of(`${STORAGE_ACCOUNT}-secondary.blob.core.windows.net`)).toBe(404);
    expect(await of(`x.${HOST}`)).toBe(404);
    const foreign = await sendTo(new URL(service.ready.management), service.ca, {
      path: "/wide/kept",
      host: "blob.core.windows.net.evil",
    });
    expect(foreign.status).toBe(421);
  });

  test("forged signatures and delegations", async () => {
    const se = "se=2099-01-01T00:00:00Z&sp=r&sv=2021-12-02&sr=b&sig=AAAA";
    expect(said(await blobRaw("GET", `/wide/kept?${se}`, undefined))).toBe("403 AuthenticationFailed");
    const delegate = `skoid=11111111-1111-4111-8111-111111111111&sktid=${STORAGE_TENANT}&skt=2020-01-01T00:00:00Z&ske=2099-01-01T00:00:00Z&sks=b&skv=2021-12-02`;
    expect(said(await blobRaw("GET", `/wide/kept?${se}&${delegate}`, undefined))).toBe(
      "403 AuthenticationFailed",
    );
    const shared = { authorization: `SharedKey ${STORAGE_ACCOUNT}:${Buffer.alloc(32).toString("base64")}` };
    expect((await blobRaw("GET", "/wide/kept", undefined, { headers: shared })).status).toBe(403);
  });

  test("containers stay closed to the public", async () => {
    const headers = { "x-ms-blob-public-access": "container" };
    expect(await blob("PUT", "/open?restype=container", contributor, { headers })).toBe(
      "409 PublicAccessNotPermitted",
    );
  });

  test("a body whose length two readers could see differently never arrives", async () => {
    const { port } = new URL(service.ready.management);
    const token = await tokenOf(contributor);
    const socket = connect({ port: Number(port), host: "127.0.0.1", ca: service.ca, servername: HOST });
    const lines = [
      "PUT /wide/smuggled HTTP/1.1",
      `Host: ${HOST}`,
      `Authorization: Bearer ${token}`,
      "x-ms-blob-type: BlockBlob",
      "Content-Length: 4",
      "Transfer-Encoding: chunked",
    ];
    socket.write(`${lines.join("\r\n")}\r\n\r\n0\r\n\r\nDELETE /wide/kept HTTP/1.1\r\nHost: x\r\n\r\n`);
    const [data] = await once(socket, "data");
    expect(String(data)).toMatch(/^HTTP\/1.1 400 /);
    socket.destroy();
    expect(await blob("HEAD", "/wide/kept", reader)).toBe("200");
    expect(await blob("HEAD", "/wide/smuggled", reader)).toBe("404 BlobNotFound");
    const chunked = { "transfer-encoding": "chunked", "x-ms-blob-type": "BlockBlob" };
    expect(await blob("PUT", "/wide/x", contributor, { headers: chunked, body: "text" })).toBe(
      "411 MissingContentLengthHeader",
    );
  });
});

describe("on this machine's names", () => {
  test("the account is the path's first segment", async () => {
    const url = new URL(service.ready.blob ?? "");
    expect(service.ready.storageAccount).toBe(STORAGE_ACCOUNT);
    expect(url.pathname).toBe(`/${STORAGE_ACCOUNT}`);
    const headers = { authorization: `Bearer ${await tokenOf(contributor)}`, "x-ms-version": "2021-12-02" };
    const at = (path: string, method = "GET", more: Partial<RawRequest> = {}) =>
      sendTo(url, service.ca, {
        method,
        path,
        host: url.host,
        headers: { ...headers, ...more.headers },
        ...(more.body !== undefined && { body: more.body }),
      });
    const reply = await at(`${url.pathname}/wide/kept`);
    expect([reply.status, reply.text]).toEqual([200, "text"]);
    const made = await at(`${url.pathname}/wide/local%20name`, "PUT", {
      body: "here",
      headers: { "x-ms-blob-type": "BlockBlob", "content-length": "4" },
    });
    expect(made.status).toBe(201);
    expect((await at("/unknown/wide/kept")).status).toBe(404);
    expect(said(await at(`${url.pathname}/../${STORAGE_ACCOUNT}/wide/kept`))).toBe("400 InvalidResourceName");
  });
});

describe("management", () => {
  test("an account comes, answers, and goes with all it held", async () => {
    const arm = await ArmClient.signIn(service, contributor, STORAGE_TENANT);
    const version = "2023-01-01";
    const id = storageAccountId.replace(STORAGE_ACCOUNT, "passing");
    const body = { location: "westeurope", sku: { name: "Standard_LRS" }, kind: "StorageV2" };
    const at = (host = "passing.blob.core.windows.net") => ({ host });
    for (const round of [1, 2]) {
      const accepted = await arm.send("PUT", id, { version, body });
      expect([accepted.status, accepted.headers["retry-after"]]).toEqual([202, "1"]);
      const created = await arm.follow(String(accepted.headers.location));
      expect([created.status, created.json.name]).toEqual([200, "passing"]);
      expect(await blob("GET", "/kept?restype=container", contributor, at()), String(round)).toBe(
        "404 ContainerNotFound",
      );
      expect(await blob("PUT", "/kept?restype=container", contributor, at())).toBe("201");
      expect(outcome(await arm.send("DELETE", id, { version }))).toBe(200);
      expect((await blobRaw("GET", "/kept", undefined, at())).status).toBe(404);
      expect(outcome(await arm.send("DELETE", id, { version }))).toBe(204);
    }
  }, 60_000);

  test("a renewed key ends what the old one signed", async () => {
    const arm = await ArmClient.signIn(service, contributor, STORAGE_TENANT);
    const version = "2023-01-01";
    const { json } = await arm.send("POST", `${storageAccountId}/listKeys`, { version });
    const key = Buffer.from(json.keys[1].value, "base64");
    const request = { method: "GET", path: "/wide/kept", query: "" };
    const signed = async () => {
      const headers = { "x-ms-date": new Date(now).toUTCString(), "x-ms-version": "2021-12-02" };
      const authorization = storageSharedKey(STORAGE_ACCOUNT, key, { ...request, headers });
      return blobRaw("GET", request.path, undefined, { headers: { ...headers, authorization } });
    };
    expect((await signed()).text).toBe("text");
    const body = { keyName: "key2" };
    expect(outcome(await arm.send("POST", `${storageAccountId}/regenerateKey`, { version, body }))).toBe(200);
    expect((await signed()).status).toBe(403);
    expect(await blob("GET", "/wide/kept", reader)).toBe("200");
  }, 30_000);

  test("an account that says it is closed is closed, to signatures and copies too; what is not built is refused", async () => {
    const arm = await ArmClient.signIn(service, contributor, STORAGE_TENANT);
    const patch = (properties: object) =>
      arm.send("PATCH", storageAccountId, { version: "2023-05-01", body: { properties } });
    const closed = { publicNetworkAccess: "Disabled" };
    expect((await patch(closed)).json.properties).toMatchObject(closed);
    expect(await blob("GET", "/wide/kept", reader)).toBe("403 AuthorizationFailure");
    const allowed = (value: string) => ({
      publicNetworkAccess: "Enabled",
      networkAcls: { defaultAction: "Deny", bypass: "AzureServices", ipRules: [{ value }] },
    });
    expect((await patch(allowed("10.0.0.0/8"))).json.properties).toMatchObject(allowed("10.0.0.0/8"));
    expect(await blob("GET", "/wide/kept", reader)).toBe("403 AuthorizationFailure");
    await patch(allowed("127.0.0.0/8"));
    expect(await blob("GET", "/wide/kept", reader)).toBe("200");
    expect(outcome(await patch({ networkAcls: { defaultAction: "Allow" } }))).toBe(200);
    for (const property of ["isHnsEnabled", "isSftpEnabled", "allowBlobPublicAccess", "unknownSetting"]) {
      const refused = await patch({ [property]: true });
      expect(outcome(refused), property).toBe("400 InvalidRequestContent");
      expect(refused.json.error.message).toContain(property);
    }
  });

  test("the service's own pages may call from a browser, others as the account's rules say", async () => {
    const preflight = (origin: string) =>
      blobRaw("OPTIONS", "/wide/kept", undefined, {
        headers: {
          origin,
          "access-control-request-method": "GET",
          "access-control-request-headers": "authorization,x-ms-version",
        },
      });
    const own = await preflight(new URL(service.ready.plain).origin.replace("127.0.0.1", "localhost"));
    expect([own.status, own.headers["access-control-allow-headers"]]).toEqual([
      200,
      "authorization,x-ms-version",
    ]);
    expect(said(await preflight("https://app.contoso.com"))).toBe("403 CorsPreflightFailure");
    const rule = `<AllowedOrigins>https://*.contoso.com</AllowedOrigins><AllowedMethods>GET</AllowedMethods><MaxAgeInSeconds>60</MaxAgeInSeconds><ExposedHeaders>x-ms-*</ExposedHeaders><AllowedHeaders>authorization,x-ms-*</AllowedHeaders>`;
    const properties = (inner: string) => `<StorageServiceProperties>${inner}</StorageServiceProperties>`;
    const set = async (body: string) =>
      blob("PUT", "/?restype=service&comp=properties", contributor, {
        body,
        headers: { "content-length": String(body.length) },
      });
    expect(await set(properties(`<Cors><CorsRule>${rule}</CorsRule></Cors>`))).toBe("202");
    expect((await preflight("https://app.contoso.com")).headers).toMatchObject({
      "access-control-allow-origin": "https://app.contoso.com",
      "access-control-max-age": "60",
    });
    expect(said(await preflight("https://app.contoso.org"))).toBe("403 CorsPreflightFailure");
    const read = await blobRaw("GET", "/wide/kept", await tokenOf(reader), {
      headers: { origin: "https://app.contoso.com" },
    });
    expect(read.headers["access-control-expose-headers"]).toContain("x-ms-blob-type");
    const softDelete = "<DeleteRetentionPolicy><Enabled>true</Enabled><Days>7</Days></DeleteRetentionPolicy>";
    expect(await set(properties(softDelete))).toBe("501 FeatureNotSupported");
    expect(await set("<Storage")).toBe("400 InvalidXmlDocument");
    expect(await set(properties("<Cors/>"))).toBe("202");
  });

  test("lists, names and keys; who may not see keys", async () => {
    const arm = await ArmClient.signIn(service, contributor, STORAGE_TENANT);
    const version = "2023-01-01";
    const [subscription = ""] = storageAccountId.split("/resourceGroups");
    const list = await arm.send("GET", `${subscription}/providers/Microsoft.Storage/storageAccounts`, {
      version,
    });
    expect(list.json.value.map(({ name }: { name: string }) => name)).toEqual([STORAGE_ACCOUNT]);
    const check = (name: string) =>
      arm.send("POST", `${subscription}/providers/Microsoft.Storage/checkNameAvailability`, {
        version,
        body: { name, type: "Microsoft.Storage/storageAccounts" },
      });
    expect((await check(STORAGE_ACCOUNT)).json).toMatchObject({
      nameAvailable: false,
      reason: "AlreadyExists",
    });
    expect((await check("No")).json).toMatchObject({ nameAvailable: false, reason: "AccountNameInvalid" });
    expect((await check("free123")).json).toEqual({ nameAvailable: true });
    const keys = await arm.send("POST", `${storageAccountId}/listKeys`, { version });
    expect(keys.json.keys.map(({ keyName }: { keyName: string }) => keyName)).toEqual(["key1", "key2"]);
    const dataOnly = await ArmClient.signIn(service, reader, STORAGE_TENANT);
    expect(outcome(await dataOnly.send("POST", `${storageAccountId}/listKeys`, { version }))).toBe(
      "403 AuthorizationFailed",
    );
    expect(
      outcome(
        await arm.send("PUT", storageAccountId.replace(STORAGE_ACCOUNT, "Bad_Name"), {
          version,
          body: { location: "westeurope" },
        }),
      ),
    ).toBe("400 AccountNameInvalid");
  });
});

test("a property whose header is there without a value is not set, as AzCopy sends what it has not got", async () => {
  const empty = {
    "x-ms-blob-content-md5": "",
    "x-ms-blob-content-type": "",
    "x-ms-blob-content-encoding": "",
    "x-ms-blob-cache-control": "",
    "x-ms-access-tier": "",
  };
  const headers = { "x-ms-blob-type": "BlockBlob", ...empty };
  const sent = await blobRaw("PUT", "/wide/empty-properties", await tokenOf(contributor), {
    headers,
    body: "text",
  });
  expect(said(sent)).toBe("201");
  const got = await blobRaw("GET", "/wide/empty-properties", await tokenOf(reader));
  expect([said(got), got.headers["content-type"], got.headers["content-encoding"]]).toEqual([
    "200",
    "application/octet-stream",
    undefined,
  ]);
});
