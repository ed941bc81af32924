import { execFileSync, spawnSync } from "node:child_process";
import type { Socket } from "node:dgram";
import { once } from "node:events";
import { afterEach, expect, test } from "vitest";
import type { EndpointRule } from "../../wire/agent/messages.ts";
import { boundSocket, DatagramEndpoint, socketOfPart } from "./datagram-endpoint.ts";

const HOST = "127.0.0.1";
const open: { close(): void }[] = [];
afterEach(() => {
  for (const each of open.splice(0)) each.close();
});

async function socket(): Promise<Socket> {
  const bound = await boundSocket(HOST, 0);
  open.push(bound);
  return bound;
}

/** An endpoint of a node that is a part of this machine. `sources` is how many it has made a socket for. */
async function onMachine(port: number, backendPort: number) {
  const made = { sources: 0 };
  const forwarded = await DatagramEndpoint.open(HOST, port, { backendPort, rules: [] }, (host) => {
    made.sources++;
    return socketOfPart(host);
  });
  open.push(forwarded);
  return { port: forwarded.port, made };
}

/** What the node's program gets, and from whom. */
async function endpoint(rules: readonly EndpointRule[] = []) {
  const program = await socket();
  const inside: Socket[] = [];
  const bindInside = async (host: string) => {
    const bound = await boundSocket(host, 0);
    inside.push(bound);
    return bound;
  };
  const spec = { backendPort: program.address().port, rules };
  const forwarded = await DatagramEndpoint.open(HOST, 0, spec, bindInside);
  open.push(forwarded);
  return { program, forwarded, inside };
}

async function ask(client: Socket, port: number, word: string): Promise<string> {
  const answer = once(client, "message");
  client.send(word, port, HOST);
  return String((await answer)[0]);
}

test("each source has its answers, and none another's", async () => {
  const { program, forwarded } = await endpoint();
  program.on("message", (word, { port }) => program.send(`${word}!`, port, HOST));
  const [one, other] = [await socket(), await socket()];
  expect(await Promise.all([ask(one, forwarded.port, "a"), ask(other, forwarded.port, "b")])).toEqual([
    "a!",
    "b!",
  ]);
  expect(await ask(one, forwarded.port, "c")).toBe("c!");
});

test("who fits no rule is not heard", async () => {
  const shut = { isAllowed: true, source: "192.0.2.1" };
  const { forwarded, inside } = await endpoint([shut]);
  const client = await socket();
  const refused = await endpoint();
  refused.program.on("message", (_, { port }) => refused.program.send("after", port, HOST));
  client.send("x", forwarded.port, HOST);
  // By then the first has come too: both lie in the one kernel's queues, and are read in turn.
  expect(await ask(client, refused.forwarded.port, "y")).toBe("after");
  expect(inside).toHaveLength(0);
});

test("only the port that it leads to answers", async () => {
  const { program, forwarded, inside } = await endpoint();
  program.on("message", (_, { port }) => program.send("right", port, HOST));
  const client = await socket();
  const stranger = await socket();
  expect(await ask(client, forwarded.port, "x")).toBe("right");
  const heard: string[] = [];
  client.on("message", (word) => heard.push(String(word)));
  const [session] = inside;
  await new Promise((resolve) => stranger.send("wrong", session?.address().port ?? 0, HOST, resolve));
  await ask(client, forwarded.port, "y");
  expect(heard).toEqual(["right"]);
});

test("an address has a bounded share, of which the source that was silent longest makes room", async () => {
  const { program, forwarded, inside } = await endpoint();
  program.on("message", (word, { port }) => program.send(word, port, HOST));
  const first = await socket();
  await ask(first, forwarded.port, "first");
  const gone = new Promise((resolve) => inside[0]?.once("close", resolve));
  for (let n = 0; n < 64; n++) expect(await ask(await socket(), forwarded.port, `${n}`)).toBe(`${n}`);
  await gone;
  expect(inside).toHaveLength(65);
  expect(await ask(first, forwarded.port, "again")).toBe("again");
});

test("one datagram goes round for ever between endpoints of parts of this machine that lead to each other", async () => {
  // The port that the second one is to have is known before it is open.
  const free = await boundSocket(HOST, 0);
  const { port } = free.address();
  const there = await onMachine(0, port);
  await new Promise<void>((resolve) => free.close(resolve));
  const back = await onMachine(port, there.port);
  const [client, program] = [await socket(), await socket()];
  program.on("message", (word, from) => program.send(`${word}!`, from.port, HOST));
  const beside = await onMachine(0, program.address().port);
  client.send("round", there.port, HOST);
  // Each of these takes as many turns of the loop as a round does.
  for (let n = 0; n < 20; n++) expect(await ask(client, beside.port, `${n}`)).toBe(`${n}!`);
  expect([there.made.sources, back.made.sources]).toEqual([1, 0]);
});

const canForge = process.getuid?.() === 0 && spawnSync("python3", ["--version"]).status === 0;
if (!canForge)
  console.warn("skipped: a datagram without a source's port (only root can forge one, by python3)");

test.skipIf(!canForge)("who has no port to be answered at is not heard, and is no agent's end", async () => {
  const { program, forwarded, inside } = await endpoint();
  program.on("message", (word, { port }) => program.send(`${word}!`, port, HOST));
  const forge = `import socket, struct
socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_UDP).sendto(struct.pack("!HHHH", 0, ${forwarded.port}, 9, 0) + b"x", ("${HOST}", 0))`;
  execFileSync("python3", ["-c", forge]);
  expect(await ask(await socket(), forwarded.port, "after")).toBe("after!");
  expect(inside).toHaveLength(1);
});
