/** Which user of this machine is at the other end of a connection over its loopback: the kernel's table of sockets says it. */
import { readFileSync } from "node:fs";
import type { Socket } from "node:net";

const TABLE = "/proc/self/net/tcp";
const [LOCAL_ADDRESS, REMOTE_ADDRESS, USER] = [1, 2, 7];

/** @returns `uid 1000`; undefined where the table does not have it (any more) */
export function peerOf({ remoteAddress, remotePort, localPort }: Socket): string | undefined {
  if (remoteAddress !== "127.0.0.1" || remotePort === undefined || localPort === undefined) return undefined;
  try {
    const user = userOfConnection(readFileSync(TABLE, "latin1"), remotePort, localPort);
    return user === undefined ? undefined : `uid ${user}`;
  } catch {
    return undefined;
  }
}

/** @param table as proc_pid_net(5) has it; both ends are 127.0.0.1 */
export function userOfConnection(table: string, fromPort: number, toPort: number): string | undefined {
  const [from, to] = [hexadecimal(fromPort), hexadecimal(toPort)];
  for (const line of table.split("\n")) {
    const columns = line.trim().split(/\s+/);
    if (columns[LOCAL_ADDRESS] === from && columns[REMOTE_ADDRESS] === to) return columns[USER];
  }
  return undefined;
}

function hexadecimal(port: number): string {
  return `0100007F:${port.toString(16).toUpperCase().padStart(4, "0")}`;
}
