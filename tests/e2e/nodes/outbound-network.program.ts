/**
 * Runs in a network namespace that its caller made: what tasks and their files reach beyond their node. Prints one JSON object.
 *
 *   node outbound-network.program.ts ADDRESS     ADDRESS: an IPv4 address of that namespace's own, besides its loopback
 */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { BatchClient, type TaskResource } from "../batch-client.ts";
import { KillableService, processesNaming, until } from "../killable-service.ts";

const [, , outside = ""] = process.argv;

async function answering(host: string): Promise<number> {
  const server = createServer((_, response) => response.end(`hello from ${host}`)).listen(0, host);
  await once(server, "listening");
  server.unref();
  return (server.address() as AddressInfo).port;
}

/** Another machine: a namespace beside this one, and a wire to it. It answers any request with where it came from. */
async function otherMachine(): Promise<{ origin: string; close: () => void }> {
  const [near, far] = ["10.78.0.1", "10.78.0.2"];
  const answer = `require("http").createServer((q, r) => r.end("file for " + q.socket.remoteAddress)).listen(80, "${far}", () => console.log("up"))`;
  const address = `ip addr add ${far}/24 dev far && ip link set far up`;
  const words = ["--net", "sh", "-c", `read go && ${address} && exec "$0" -e '${answer}'`, process.execPath];
  const machine = spawn("unshare", words, { stdio: ["pipe", "pipe", "inherit"] });
  await until("a namespace beside", async () => {
    const own = readlinkSync("/proc/self/ns/net");
    return readlinkSync(`/proc/${machine.pid}/ns/net`) !== own;
  });
  const ip = (line: string) => execFileSync("ip", line.split(" "));
  ip(`link add near type veth peer name far netns ${machine.pid}`);
  ip(`addr add ${near}/24 dev near`);
  ip("link set near up");
  machine.stdin.write("go\n");
  await once(machine.stdout, "data");
  return { origin: `http://${far}`, close: () => void machine.kill() };
}

const other = await otherMachine();
const [outsidePort, loopbackPort] = [await answering(outside), await answering("127.0.0.1")];
const service = await KillableService.start({ parameters: ["--isolation", "namespace"] });
const client = new BatchClient(service.ready);

interface TaskEnd {
  readonly printed: string[];
  readonly failure: string | undefined;
}

async function output(pool: string, task: string, script: string, isElevated = false): Promise<string[]> {
  return (await run(pool, task, script, { isElevated })).printed;
}

async function run(
  pool: string,
  task: string,
  script: string,
  { isElevated = false, resourceFiles = [] }: { isElevated?: boolean; resourceFiles?: object[] },
): Promise<TaskEnd> {
  await client.ok("POST", `/jobs/${pool}/tasks`, {
    id: task,
    commandLine: `/bin/sh -c "exec 2>&1; ${script}"`,
    resourceFiles,
    ...(isElevated && {
      userIdentity: { autoUser: { scope: "task", elevationLevel: "admin" } },
    }),
  });
  let failure: string | undefined;
  await until(`task ${task} of ${pool}`, async () => {
    const { json } = await client.send<TaskResource>("GET", `/jobs/${pool}/tasks/${task}`);
    const { failureInfo } = json.executionInfo ?? {};
    if (failureInfo) failure = `${failureInfo.code}: ${failureInfo.message}`;
    return json.state === "completed";
  });
  const nodes = join(service.folder, "nodes");
  const [file = ""] = readdirSync(nodes)
    .map((node) => join(nodes, node, "workitems", pool, "job-1", task, "stdout.txt"))
    .filter((path) => existsSync(path));
  return { printed: file === "" ? [] : readFileSync(file, "utf8").trim().split("\n"), failure };
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

const fileFrom = (origin: string) => ({
  resourceFiles: [{ httpUrl: `${origin}/file`, filePath: "there" }],
});
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
    "another machine": await output("open", "t5", get(other.origin.slice("http://".length))),
    "a file from there": await run("open", "t6", "cat there", fileFrom(other.origin)),
    "a file from this machine": await run(
      "open",
      "t7",
      "cat there",
      fileFrom(`http://${outside}:${outsidePort}`),
    ),
    "a file, closed": await run("closed", "t2", "cat there", fileFrom(other.origin)),
    "a named file, closed": await run("closed", "t3", "cat there", fileFrom("http://example.invalid")),
  };
  if (networks() !== 1) throw new Error(`${networks()} networks for one node that has one`);
  process.stdout.write(`${JSON.stringify(found)}\n`);
} finally {
  client.close();
  other.close();
  await service.dispose();
}
// The agent was killed; what it had started for the nodes' networks goes with it.
await until("the end of all networks", () => networks() === 0);
