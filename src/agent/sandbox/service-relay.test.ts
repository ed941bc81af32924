import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { ServiceRelay } from "./service-relay.ts";

const DIALLED = 600;
/** The relay's. */
const BOUND = 512;
const open: (Server | Socket)[] = [];
afterEach(() => {
  for (const each of open) "destroy" in each ? each.destroy() : each.close();
});

async function listening(): Promise<Server> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  open.push(server);
  return server;
}
const portOf = (server: Server) => (server.address() as AddressInfo).port;

test("a node that dials without end has 512 connections to the service, and an agent with descriptors left", async () => {
  const [service, inside] = await Promise.all([listening(), listening()]);
  let reached = 0;
  const allReached = new Promise<void>((resolve) => {
    service.on("connection", (socket) => {
      open.push(socket);
      if (++reached === BOUND) resolve();
    });
  });
  const relay = new ServiceRelay(async () => inside);
  await relay.follow({ ports: { batch: portOf(service) }, azureNames: [], caFile: "", bundleFile: "" });
  let turnedAway = 0;
  const othersTurnedAway = new Promise<void>((resolve) => {
    for (let dialled = 0; dialled < DIALLED; dialled++) {
      const socket = connect(portOf(inside), "127.0.0.1").resume();
      socket.on("error", () => {}).on("close", () => ++turnedAway === DIALLED - BOUND && resolve());
      open.push(socket);
    }
  });
  await Promise.all([allReached, othersTurnedAway]);
  expect(reached).toBe(BOUND);
  relay.close();
});
