/** What it costs to tell whose connections are: bounded in a second, however many processes there are and however many connect. */
import type { Socket } from "node:net";
import { expect, test, vi } from "vitest";

const OWN = "net:[1]";
const machine = vi.hoisted(() => ({ processes: 0, isInNode: (_pid: number): boolean => false, links: 0 }));

vi.mock("node:fs/promises", async (original) => ({
  ...(await original<typeof import("node:fs/promises")>()),
  readFile: async () => "77 ",
  open: async () => {
    const line =
      "   0: 0100007F:1F90 0100007F:0050 01 00000000:00000000 00:00000000 00000000  1000        0 4242 1 0 20 4 30 10 -1\n";
    let isRead = false;
    return {
      read: async (piece: Buffer) => {
        const bytesRead = isRead ? 0 : piece.write(line, "latin1");
        isRead = true;
        return { bytesRead };
      },
      close: async () => undefined,
    };
  },
  opendir: async function* (path: string) {
    if (path === "/proc") for (let pid = 1; pid <= machine.processes; pid++) yield { name: `${pid}` };
    else if (path === `/proc/${machine.processes}/fd`) yield { name: "3" };
  },
  readlink: async (path: string) => {
    machine.links++;
    const pid = Number(path.split("/")[2]);
    if (path.endsWith("/ns/net")) return pid === 77 || machine.isInNode(pid) ? OWN : "net:[2]";
    return path.endsWith("/exe") ? "/usr/bin/curl" : "socket:[4242]";
  },
}));

const connection = {
  remoteAddress: "127.0.0.1",
  remotePort: 8080,
  localAddress: "127.0.0.1",
  localPort: 80,
} as Socket;

async function owners() {
  const { ConnectionOwners } = await import("./connection-owner.ts");
  machine.links = 0;
  vi.spyOn(performance, "now").mockReturnValue(5_000);
  return new ConnectionOwners(1);
}

test("a connection's program is found among a thousand processes, for each of several that connect at once", async () => {
  machine.processes = 1_000;
  machine.isInNode = (pid) => pid > 900;
  const asked = await owners();
  for (let i = 0; i < 10; i++)
    expect(await asked.of(connection)).toEqual({ user: 1_000, program: "/usr/bin/curl" });
});

test.each([
  ["of the machine", () => false],
  ["of the node", () => true],
])("connections without end make nobody look through all processes %s for each", async (_what, isInNode) => {
  machine.processes = 30_000;
  machine.isInNode = isInNode;
  const asked = await owners();
  for (let i = 0; i < 40; i++) expect((await asked.of(connection))?.user).toBe(1_000);
  expect(machine.links).toBeLessThan(17_000);
});
