import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { afterEach, expect, test } from "vitest";
import { AccountPorts } from "./account-ports.ts";

const listenOptions = () => ({ onRequest: () => {} });
const open: AccountPorts[] = [];
const accountPorts = (firstPort: number) => {
  const ports = new AccountPorts({ firstPort, listenOptions });
  open.push(ports);
  return ports;
};
afterEach(async () => {
  await Promise.all(open.splice(0).map((ports) => ports.closeAll()));
});

test("each account has a port of its own for as long as it is open", async () => {
  const ports = accountPorts(0);
  const first = await ports.open({ key: 1, name: "a" }, null);
  const second = await ports.open({ key: 2, name: "b" }, null);
  expect(second).not.toBe(first);
  expect([ports.of(1), ports.of(2), ports.of(3)]).toEqual([first, second, undefined]);
  await ports.close(1);
  expect(ports.of(1)).toBeUndefined();
});

test("a port that is taken is passed over, and the one an account had is taken again", async () => {
  const stranger = createServer().listen(0, "127.0.0.1");
  await once(stranger, "listening");
  const { port: taken } = stranger.address() as AddressInfo;
  const ports = accountPorts(taken);
  const port = await ports.open({ key: 1, name: "a" }, null);
  expect(port).toBeGreaterThan(taken);
  const later = await ports.open({ key: 2, name: "b" }, null);
  expect(later).toBeGreaterThan(port);
  await ports.close(2);
  await ports.close(1);
  // Not the lowest free one.
  expect(await ports.open({ key: 2, name: "b" }, later)).toBe(later);
  expect(await ports.open({ key: 1, name: "a" }, taken - 1)).not.toBe(taken - 1);
  stranger.close();
});
