/** The endpoint over HTTP, in both of its forms: what its clients look at besides the body, and what it tells of refusals. */
import { once } from "node:events";
import { request } from "node:http";
import { type AddressInfo, connect, createServer } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, test } from "vitest";
import { IdentityTokens, type ServiceAnswer } from "./identity-tokens.ts";
import type { NodeInstance } from "./instance-metadata.ts";
import { MetadataServer } from "./metadata-server.ts";
import type { Refused } from "./request-log.ts";

const INSTANCE: NodeInstance = {
  nodeId: "tvm-1",
  isDedicated: true,
  facts: {
    vmId: "5f6c1b1e-0000-8000-8000-000000000000",
    tenantId: "tenant",
    subscriptionId: "subscription",
    resourceGroup: "lab",
    location: "westeurope",
    vmSize: "STANDARD_D2S_V3",
    image: {
      id: "",
      communityGalleryImageId: "",
      sharedGalleryImageId: "",
      offer: "debian-12",
      publisher: "debian",
      sku: "12",
      version: "latest",
    },
    tags: { Department: "IT", Stage: "test" },
  },
  network: { address: "10.1.2.3", subnet: "10.1.2.0", prefix: "24", macAddress: "0011AAFFBB22" },
};
const HEADERS = { metadata: "true" };
const TOKEN = "/metadata/identity/oauth2/token";
const ASK = "?api-version=2018-02-01&resource=r";

const closes: (() => void)[] = [];
afterEach(() => {
  for (const close of closes.splice(0)) close();
});

type Ask = ConstructorParameters<typeof IdentityTokens>[0];
const refusing = async (): Promise<ServiceAnswer> => ({
  refusal: { status: 400, error: "invalid_request", description: "Identity not found" },
});

async function endpoint(kind: "inside" | "beside", service: Ask = refusing) {
  const told: Refused[] = [];
  const server = new MetadataServer({
    tokens: new IdentityTokens(service),
    instance: INSTANCE,
    onRefused: (_, make) => void told.push(make()),
  });
  closes.push(() => server.close());
  if (kind === "beside") {
    const variables = new Map(await server.serveBeside());
    const { host, port, pathname } = new URL(variables.get("AZURE_POD_IDENTITY_AUTHORITY_HOST") ?? "");
    return { told, host, port: Number(port), base: pathname, variables };
  }
  const socket = createServer().listen(0, "127.0.0.1");
  await once(socket, "listening");
  const { port } = socket.address() as AddressInfo;
  server.serveInside(socket);
  return { told, host: "169.254.169.254", port, base: "", variables: new Map<string, string>() };
}

type Endpoint = Awaited<ReturnType<typeof endpoint>>;

async function send({ host, port, base }: Endpoint, method: string, path: string, headers: object = HEADERS) {
  const sent = request({
    host: "127.0.0.1",
    port,
    method,
    path: `${base}${path}`,
    agent: false,
    headers: { host, ...headers },
  });
  sent.end();
  const [reply] = await once(sent, "response");
  const body = await text(reply);
  const isJson = reply.headers["content-type"].startsWith("application/json");
  return { status: reply.statusCode, headers: reply.headers, body: isJson ? JSON.parse(body) : body };
}

describe.each(["inside", "beside"] as const)("an endpoint %s", (kind) => {
  test("answers each mistake as clients expect it", async () => {
    const at = await endpoint(kind);
    const seen = async (...words: [method: string, path: string, headers?: object]) => {
      const { status, body } = await send(at, ...words);
      return [status, body.error];
    };
    expect(await seen("GET", `${TOKEN}${ASK}`, {})).toEqual([400, "invalid_request"]);
    expect(await seen("GET", `${TOKEN}${ASK}`, { ...HEADERS, "X-Forwarded-For": "10.0.0.1" })).toEqual([
      400,
      "invalid_request",
    ]);
    expect(await seen("GET", `${TOKEN}${ASK}`)).toEqual([400, "invalid_request"]);
    expect(await seen("GET", `${TOKEN}?api-version=2018-02-01`)).toEqual([400, "invalid_request"]);
    expect(await seen("GET", "/metadata/identity/oauth2")).toEqual([404, "not_found"]);
    expect(await seen("POST", `${TOKEN}${ASK}`)).toEqual([405, "method_not_allowed"]);
    expect(await seen("GET", "/metadata/nothing")).toEqual([404, "Not found"]);
    expect(await seen("GET", "/metadata/instance/compute/colour?api-version=2021-02-01")).toEqual([
      404,
      "Not found",
    ]);
    expect((await send(at, "PUT", "/metadata/instance")).headers.allow).toBe("GET");
    expect(await seen("GET", "/metadata/instance/compute/vmId?api-version=2021-02-01")).toEqual([
      400,
      "Bad request. A single value is had with format=text.",
    ]);
  });

  test("turns a flood away with 429, and says when to come again", async () => {
    const at = await endpoint(kind, () => new Promise(() => {}));
    const waiting = Array.from({ length: 50 }, async (_, i) => {
      const socket = connect(at.port, "127.0.0.1");
      closes.push(() => socket.destroy());
      await once(socket, "connect");
      socket.write(`GET ${at.base}${TOKEN}${ASK}${i} HTTP/1.1\r\nHost: ${at.host}\r\nMetadata: true\r\n\r\n`);
    });
    await Promise.all(waiting);
    for (;;) {
      // Each of the fifty has arrived once one more is turned away; until then it waits, and is given up.
      const more = send(at, "GET", `${TOKEN}${ASK}-more`);
      const settled = await Promise.race([more, new Promise<void>((resolve) => setTimeout(resolve, 200))]);
      if (settled === undefined) continue;
      expect(settled.status).toBe(429);
      expect(settled.body.error).toBe("too_many_requests");
      expect(settled.headers["retry-after"]).toBe("1");
      break;
    }
    expect(at.told).toContainEqual(expect.objectContaining({ status: 429 }));
  });

  test("tells of each request that was after an identity, without the secret", async () => {
    const at = await endpoint(kind);
    await send(at, "GET", "/metadata/instance");
    expect(at.told).toEqual([]);
    await send(at, "GET", `${TOKEN}${ASK}`, { ...HEADERS, "x-forwarded-for": "a" });
    await send(at, "GET", `${TOKEN}${ASK}`, {});
    await send(at, "GET", "/metadata/instance", { ...HEADERS, forwarded: "for=a" });
    await send(at, "GET", `${TOKEN}${ASK}&client_id=${"c".repeat(2_000)}`);
    expect(at.told.map(({ status, reason }) => `${status} ${reason}`)).toEqual([
      "400 Forwarded requests are not answered: x-forwarded-for",
      "400 Required metadata header not specified",
      "400 Forwarded requests are not answered: forwarded",
      "400 The value of 'client_id' is too long.",
    ]);
    for (const { target, from } of at.told) {
      expect(target.length).toBeLessThan(310);
      expect(from).toBe(kind === "inside" ? undefined : `uid ${process.geteuid?.()}`);
      if (kind === "beside") expect(target).not.toContain(at.variables.get("IDENTITY_HEADER"));
    }
  });

  test("tells of the machine, whole, in part and as text", async () => {
    const at = await endpoint(kind);
    const get = async (path: string) => (await send(at, "GET", `/metadata/instance${path}`)).body;
    const whole = await get("?api-version=2021-02-01");
    expect(whole).toMatchObject({
      compute: { name: "tvm-1", tagsList: [{ name: "Department", value: "IT" }, { name: "Stage" }] },
      network: { interface: [{ macAddress: "0011AAFFBB22" }] },
    });
    expect(await get("/compute/vmId?api-version=2025-04-07&format=text")).toBe(INSTANCE.facts.vmId);
    expect(await get("/compute/tags?api-version=2025-04-07&format=text")).toBe("Department:IT;Stage:test");
    expect(await get("/Compute/TagsList?api-version=2021-02-01")).toEqual(whole.compute.tagsList);
    expect(await get("/network/interface/0?api-version=2021-02-01")).toEqual(whole.network.interface[0]);
    const ip = "/network/interface/0/ipv4/ipAddress/0/privateIpAddress";
    expect(await get(`${ip}?api-version=2017-08-01&format=text`)).toBe("10.1.2.3");
    expect(await get("?api-version=2021-02-01&format=text")).toBe("compute/\nnetwork/");
    expect(await get("/network/interface?api-version=2021-02-01&format=text")).toBe("0/");
    const versions = await send(at, "GET", "/metadata/versions");
    expect(versions.body.apiVersions).toContain("2021-02-01");
    const info = await send(at, "GET", "/metadata/identity/info?api-version=2018-02-01");
    expect(info.body).toEqual({ tenantId: "tenant" });
  });
});

test("beside, whoever does not know the secret is told of with its user", async () => {
  const at = await endpoint("beside");
  for (const base of ["", "/guessed"]) {
    const { status } = await send({ ...at, base }, "GET", `${TOKEN}${ASK}`);
    expect(status).toBe(404);
  }
  const wrong = await send(at, "GET", "/msi/token?api-version=2019-08-01&resource=r", {
    "x-identity-header": "guessed",
  });
  expect(wrong.status).toBe(401);
  expect(at.told).toHaveLength(3);
  expect(at.told[0]).toMatchObject({ status: 404, from: `uid ${process.geteuid?.()}` });
});
