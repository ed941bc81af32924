/** A node's endpoints from outside: they lead to the node's port for whoever the pool's rules let in, and tell where users log in. */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { networkInterfaces } from "node:os";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loginObstacle } from "../../e2e/nodes/namespace-nodes.ts";
import { jobBody, taskBody } from "../batch-bodies.fixture.ts";
import type { Json } from "../batch-client.fixture.ts";
import { missing } from "../client-program.fixture.ts";
import { type ClockedService, clockedService, poolOf, until } from "../clocked-service.fixture.ts";

const PYTHON = "/usr/bin/python3";
let service: ClockedService;

beforeAll(async () => {
  service = await clockedService();
});
afterAll(() => service?.close());

const nat = (name: string, backendPort: number, frontendPortRangeStart: number, source?: string) => ({
  name,
  protocol: "tcp",
  backendPort,
  frontendPortRangeStart,
  frontendPortRangeEnd: frontendPortRangeStart + 100,
  ...(source !== undefined && {
    networkSecurityGroupRules: [{ priority: 150, access: "allow", sourceAddressPrefix: source }],
  }),
});

/** One that nobody has just now. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}

/** What comes from there, to its end. */
async function said(port: number, host = "127.0.0.1"): Promise<string> {
  const socket = connect({ host, port });
  const pieces: Buffer[] = [];
  socket.on("data", (piece: Buffer) => pieces.push(piece)).on("error", () => {});
  await new Promise((resolve) => socket.once("close", resolve));
  return Buffer.concat(pieces).toString();
}

async function standing(pool: string, count: number): Promise<Json[]> {
  const { body } = await until(
    "the nodes",
    () => service.batch("GET", `/pools/${pool}/nodes`),
    ({ body }) =>
      body.value.length === count &&
      body.value.every(({ state }: Json) => state === "idle" || state === "running"),
  );
  return body.value;
}

/** What comes back for a datagram, which may be lost while its receiver comes up. */
async function echoed(port: number, word: string): Promise<string> {
  const socket = createSocket("udp4");
  const answer = once(socket, "message");
  const again = setInterval(() => socket.send(word, port, "127.0.0.1"), 50);
  try {
    return String((await answer)[0]);
  } finally {
    clearInterval(again);
    socket.close();
  }
}

const hasIPv6 = Object.values(networkInterfaces()).some((each) =>
  each?.some(({ address }) => address === "::1"),
);

const endpointsOf = (node: Json): Json[] => node.endpointConfiguration?.inboundEndpoints ?? [];

test.skipIf(missing("Python", PYTHON, ["-c", ""]))(
  "an endpoint leads to the node's port, for whoever the rules let in",
  async () => {
    const port = await freePort();
    const inboundNATPools = [nat("web", port, 15_000), nat("shut", port + 1, 16_000, "192.0.2.1")];
    const networkConfiguration = { endpointConfiguration: { inboundNATPools } };
    const made = await service.batch("POST", "/pools", {
      ...poolOf("nat", 2),
      taskSlotsPerNode: 2,
      networkConfiguration,
    });
    expect(made.status).toBe(201);
    const nodes = await standing("nat", 2);
    expect(nodes.map((node) => endpointsOf(node)[0].name)).toEqual(["web.0", "web.1"]);
    const [first, second] = nodes.map((node) => endpointsOf(node)[0]);
    expect(first).toMatchObject({ protocol: "tcp", backendPort: port, publicIPAddress: "127.0.0.1" });
    expect(second.frontendPort).not.toBe(first.frontendPort);

    const serve = (at: number) =>
      `import socket; s = socket.create_server(("127.0.0.1", ${at}), reuse_port=True); print("up", flush=True); [(c.sendall(b"from inside"), c.close()) for c, _ in iter(s.accept, None)]`;
    await service.batch("POST", "/jobs", jobBody("nat", "nat"));
    for (const at of [port, port + 1]) {
      const script = `exec ${PYTHON} -c "$SCRIPT"`;
      const environmentSettings = [{ name: "SCRIPT", value: serve(at) }];
      const affinityInfo = { affinityId: nodes[0].affinityId };
      await service.batch("POST", "/jobs/nat/tasks", {
        ...taskBody(`t${at}`, script),
        environmentSettings,
        affinityInfo,
      });
      await until(
        "the server",
        () => service.batch("GET", `/jobs/nat/tasks/t${at}/files/stdout.txt`),
        ({ body }) => body === "up\n",
      );
    }
    const taken = (await service.batch("GET", `/jobs/nat/tasks/t${port}`)).body.nodeInfo.nodeId;
    const node = nodes.find(({ id }) => id === taken);
    expect(await said(endpointsOf(node)[0].frontendPort)).toBe("from inside");
    expect(await said(endpointsOf(node)[1].frontendPort)).toBe("");

    // It may be the range's own port already, and is not lost with the node's init.
    await service.batch("POST", `/pools/nat/nodes/${taken}/reboot`);
    const { body: down } = await service.batch("GET", `/pools/nat/nodes/${taken}`);
    expect(endpointsOf(down)).toEqual([]);
    expect(await said(endpointsOf(node)[0].frontendPort)).toBe("");
    expect(endpointsOf((await standing("nat", 2))[0])).toHaveLength(endpointsOf(nodes[0]).length);
  },
);

/** Python that runs on the pool's one node until its job goes; resolves when it says that it is up. */
async function program(pool: string, script: string): Promise<void> {
  await service.batch("POST", "/jobs", jobBody(pool, pool));
  const environmentSettings = [{ name: "SCRIPT", value: script }];
  await service.batch("POST", `/jobs/${pool}/tasks`, {
    ...taskBody("t", `exec ${PYTHON} -c "$SCRIPT"`),
    environmentSettings,
  });
  await until(
    "the program",
    () => service.batch("GET", `/jobs/${pool}/tasks/t/files/stdout.txt`),
    ({ body }) => body === "up\n",
  );
}

test.skipIf(missing("Python", PYTHON, ["-c", ""]))(
  "an endpoint for datagrams leads to the node's port, and its answers back",
  async () => {
    const backend = await freePort();
    const inboundNATPools = [{ ...nat("game", backend, 61_000, "127.0.0.0/8"), protocol: "UDP" }];
    const networkConfiguration = { endpointConfiguration: { inboundNATPools } };
    const made = await service.batch("POST", "/pools", { ...poolOf("udp", 1), networkConfiguration });
    expect(made.status).toBe(201);
    const [node] = await standing("udp", 1);
    const [endpoint] = endpointsOf(node);
    expect(endpoint).toMatchObject({ name: "game.0", protocol: "udp", backendPort: backend });
    await program(
      "udp",
      `import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(("0.0.0.0", ${backend})); print("up", flush=True); [s.sendto(b"back " + d, a) for d, a in iter(lambda: s.recvfrom(99), None)]`,
    );
    expect(await echoed(endpoint.frontendPort, "there")).toBe("back there");
  },
);

test.skipIf(missing("Python", PYTHON, ["-c", ""]) || !hasIPv6)(
  "a pool of both families has nodes whose endpoints and logins are reached by IPv6 too",
  async () => {
    const backend = await freePort();
    const networkConfiguration = {
      endpointConfiguration: { inboundNATPools: [nat("six", backend, 62_000)] },
      publicIPAddressConfiguration: { ipFamilies: ["IPv4", "IPv6"] },
    };
    const version = "2025-06-01"; // the first that has families
    const made = await service.batch(
      "POST",
      "/pools",
      { ...poolOf("six", 1), networkConfiguration },
      version,
    );
    expect(made.status).toBe(201);
    const [{ id }] = await standing("six", 1);
    const { body: node } = await service.batch("GET", `/pools/six/nodes/${id}`, undefined, version);
    expect(node.ipv6Address).toMatch(/^[\da-f]*:[\da-f:.]*$/);
    await program(
      "six",
      `import socket; s = socket.create_server(("::1", ${backend}), family=socket.AF_INET6); print("up", flush=True); [(c.sendall(b"from inside"), c.close()) for c, _ in iter(s.accept, None)]`,
    );
    const { frontendPort } = endpointsOf(node)[0];
    expect(await said(frontendPort, "::1")).toBe("from inside");
    // What listens on the node's IPv6 alone is not at its IPv4.
    expect(await said(frontendPort)).toBe("");
    const path = `/pools/six/nodes/${id}/remoteloginsettings`;
    const { body } = await service.batch("GET", path, undefined, version);
    if (loginObstacle !== undefined) return;
    expect(body).toMatchObject({
      ipv6RemoteLoginIPAddress: "::1",
      ipv6RemoteLoginPort: body.remoteLoginPort,
    });
    const login = connect({ host: "::1", port: body.ipv6RemoteLoginPort });
    await once(login, "connect");
    login.destroy();
  },
);

test("NAT pools do not go with a pool without public addresses", async () => {
  const networkConfiguration = {
    endpointConfiguration: { inboundNATPools: [nat("web", 8_080, 15_000)] },
    publicIPAddressConfiguration: { provision: "NoPublicIPAddresses" },
  };
  const { status, body } = await service.batch("POST", "/pools", {
    ...poolOf("none", 0),
    networkConfiguration,
  });
  expect([status, body.code]).toEqual([400, "InvalidPropertyValue"]);
  expect(JSON.stringify(body.values)).toContain("networkConfiguration.endpointConfiguration.inboundNATPools");
  const kept = { ...networkConfiguration, endpointConfiguration: undefined };
  const made = await service.batch("POST", "/pools", { ...poolOf("none", 0), networkConfiguration: kept });
  expect(made.status).toBe(201);
});

test("a pool with NAT pools is steady once its nodes tell their endpoints", async () => {
  const networkConfiguration = { endpointConfiguration: { inboundNATPools: [nat("soon", 8_080, 17_000)] } };
  await service.batch("POST", "/pools", { ...poolOf("soon", 2), networkConfiguration });
  await until(
    "a steady pool",
    () => service.batch("GET", "/pools/soon?$select=id,allocationState"),
    ({ body }) => body.allocationState === "steady",
  );
  const { body } = await service.batch("GET", "/pools/soon/nodes");
  expect(body.value.map((node: Json) => endpointsOf(node)[0]?.name)).toEqual(["soon.0", "soon.1"]);
});

test("a node tells where its users log in, as an endpoint and by its own operation", async () => {
  await service.batch("POST", "/pools", poolOf("ssh", 1));
  const [node] = await standing("ssh", 1);
  const settings = await service.batch("GET", `/pools/ssh/nodes/${node.id}/remoteloginsettings`);
  if (loginObstacle !== undefined) {
    expect([settings.status, endpointsOf(node)]).toEqual([409, []]);
    return;
  }
  expect(endpointsOf(node)).toEqual([
    {
      name: "SSHRule.0",
      protocol: "tcp",
      publicIPAddress: settings.body.remoteLoginIPAddress,
      publicFQDN: "localhost",
      frontendPort: settings.body.remoteLoginPort,
      backendPort: 22,
    },
  ]);
});

test("where a node is logged in to is told also while it comes up", async () => {
  await service.batch("POST", "/pools", poolOf("new", 1));
  const { body } = await until(
    "a node",
    () => service.batch("GET", "/pools/new/nodes"),
    ({ body }) => body.value.length === 1,
  );
  const settings = await service.batch("GET", `/pools/new/nodes/${body.value[0].id}/remoteloginsettings`);
  // Where nobody can log in to nodes, that is what is said of one that stands.
  expect(settings.body.code ?? settings.status).toBe(
    loginObstacle === undefined ? 200 : "OperationNotValidOnNode",
  );
});

test("NAT pools that cannot be are refused by the property", async () => {
  for (const [pool, property] of [
    [{ ...nat("a", 8_080, 15_000), protocol: "icmp" }, "protocol"],
    [nat("a", 29_876, 15_000), "backendPort"],
    [nat("a", 8_080, 50_001), "frontendPortRangeStart"],
  ] as const) {
    const networkConfiguration = { endpointConfiguration: { inboundNATPools: [pool] } };
    const { status, body } = await service.batch("POST", "/pools", {
      ...poolOf("x", 0),
      networkConfiguration,
    });
    expect([status, body.code]).toEqual([400, "InvalidPropertyValue"]);
    expect(JSON.stringify(body.values)).toContain(property);
  }
});
