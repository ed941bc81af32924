import { expect, test } from "vitest";
import { connectionUser, socketTables, userOfConnection } from "./connection-user.ts";

const line = (local: string, remote: string, user: number, inode = 12345) =>
  `   1: ${local} ${remote} 01 00000000:00000000 00:00000000 00000000  ${user}        0 ${inode} 1 0 20 4 30 10 -1`;
const TABLE = [
  "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
  line("0100007F:1F90", "0100007F:C350", 0),
  line("0100007F:C350", "0100007F:1F90", 1000),
  line("0500807F:C350", "0100007F:1F90", 1001),
].join("\n");
const TABLE6 = line("00000000000000000000000001000000:C350", "00000000000000000000000001000000:1F90", 1002);

test.each([
  ["127.0.0.1", 1000],
  ["::ffff:127.0.0.1", 1000],
  ["127.128.0.5", 1001],
])("a client at %s is uid %s", (remoteAddress, user) => {
  const connection = { remoteAddress, remotePort: 50_000, localPort: 8_080 };
  expect(socketTables(connection)).toEqual(["/proc/self/net/tcp", "/proc/self/net/tcp6"]);
  expect(userOfConnection(TABLE, connection)).toBe(user);
});

test("a client over IPv6 stands in a table of its own", () => {
  const connection = { remoteAddress: "::1", remotePort: 50_000, localPort: 8_080 };
  expect(socketTables(connection)).toEqual(["/proc/self/net/tcp6"]);
  expect(userOfConnection(TABLE6, connection)).toBe(1002);
});

test("who has gone, or is elsewhere, is nobody", () => {
  expect(
    userOfConnection(TABLE, { remoteAddress: "127.0.0.1", remotePort: 50_001, localPort: 8_080 }),
  ).toBeUndefined();
  for (const remoteAddress of ["10.0.0.1", undefined, "fe80::1"])
    expect(socketTables({ remoteAddress })).toEqual([]);
});

test("a client whose socket takes both kinds of addresses stands among IPv6's", () => {
  const mapped = line("0000000000000000FFFF00000100007F:C350", "0000000000000000FFFF00000100007F:1F90", 1003);
  const connection = { remoteAddress: "127.0.0.1", remotePort: 50_000, localPort: 8_080 };
  const read = (path: string) => (path.endsWith("tcp6") ? mapped : "");
  expect(connectionUser(connection, read)).toBe("uid 1003");
});

test("a socket that no process holds any more is not taken for root's", () => {
  const orphan = line("0100007F:C350", "0100007F:1F90", 0, 0);
  const connection = { remoteAddress: "127.0.0.1", remotePort: 50_000, localPort: 8_080 };
  expect(userOfConnection(orphan, connection)).toBeUndefined();
  expect(userOfConnection(line("0100007F:C350", "0100007F:1F90", 1004, 0), connection)).toBe(1004);
});
