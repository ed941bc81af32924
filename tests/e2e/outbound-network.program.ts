/**
 * Runs in a network namespace that its caller made: what tasks reach beyond their node. Prints one JSON object.
 *
 *   node outbound-network.program.ts ADDRESS     ADDRESS: an IPv4 address of that namespace's own, besides its loopback
 */
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { BatchClient, type TaskResource } from "./batch-client.ts";
import { KillableService, processesNaming, until } from "./killable-service.ts";

const [, , outside = ""] = process.argv;

async function answering(host: string): Promise<number> {
  const server = createServer((_, response) => response.end(`hello from ${host}`)).listen(0, host);
  await once(server, "listening");
  server.unref();
  return (server.address() as AddressInfo).port;
}

const [outsidePort, loopbackPort] = [await answering(outside), await answering("127.0.0.1")];
const service = await KillableService.start({ parameters: ["--isolation", "namespace"] });
const client = new BatchClient(service.ready);

async function output(pool: string, task: string, script: string, isElevated = false): Promise<string[]> {
  await client.ok("POST", `/jobs/${pool}/tasks`, {
    id: task,
    commandLine: `/bin/sh -c "exec 2>&1; ${script}"`,
    ...(isElevated && {
      userIdentity: { autoUser: { scope: "task", elevationLevel: "admin" } },
    }),
  });
  await until(`task ${task} of ${pool}`, async () => {
    const { json } = await client.send<TaskResource>("GET", `/jobs/${pool}/tasks/${task}`);
    return json.state === "completed";
  });
  const nodes = join(service.folder, "nodes");
  const [file = ""] = readdirSync(nodes)
    .map((node) => join(nodes, node, "workitems", pool, "job-1", task, "stdout.txt"))
    .filter((path) => existsSync(path));
  return readFileSync(file, "utf8").trim().split("\n");
}

/** How many programs serve nodes of this namespace. */
function networks(): number {
  const own = readlinkSync("/proc/self/ns/net");
  return processesNaming("slirp4netns").filter((pid) => {
    try {
      return readlinkSync(`/proc/${pid}/ns/net`) === own;
    } catch {
      return false;
    }
  }).length;
}

const get = (url: string) => `curl --silent --max-time 3 http://${url} || echo no`;
try {
  for (const [id, provision] of [
    ["open", "BatchManaged"],
    ["closed", "NoPublicIPAddresses"],
  ] as const) {
    await client.ok("POST", "/pools", {
      id,
      vmSize: "standard_d2s_v3",
      targetDedicatedNodes: 1,
      networkConfiguration: { publicIPAddressConfiguration: { provision } },
      virtualMachineConfiguration: {
        imageReference: { publisher: "canonical", offer: "ubuntu-24_04-lts", sku: "server" },
        nodeAgentSKUId: "batch.node.ubuntu 24.04",
      },
    });
    await client.addJob(id, id);
  }
  const loopback = [`127.0.0.1:${loopbackPort}`, `10.0.2.2:${loopbackPort}`].map(get).join("; ");
  const links = "for a in 169.254.169.253 169.254.170.2 168.63.129.16; do ip route get $a | head -1; done";
  const found = {
    open: await output("open", "t1", get(`${outside}:${outsidePort}`)),
    "loopback of the machine": await output("open", "t2", loopback),
    "link-local": await output("open", "t3", links),
    "an administrator's change": await output(
      "open",
      "t4",
      "ip addr del 169.254.169.254/16 dev lo && echo done",
      true,
    ),
    closed: await output("closed", "t1", get(`${outside}:${outsidePort}`)),
  };
  if (networks() !== 1) throw new Error(`${networks()} networks for one node that has one`);
  process.stdout.write(`${JSON.stringify(found)}\n`);
} finally {
  client.close();
  await service.dispose();
}
// The agent was killed; what it had started for the nodes' networks goes with it.
await until("the end of all networks", () => networks() === 0);
