/** Which user of this machine is at the other end of a connection over its loopback: the kernel's table of sockets says it. Pure. */
import { ipv4, socketLine, socketName } from "./socket-line.ts";

export interface LoopbackConnection {
  /** As Node.js tells it. */
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
  readonly localPort?: number | undefined;
}

/** Paths of the tables that may have the connection; none for one that does not come from this machine's loopback. */
export function socketTables({ remoteAddress = "" }: LoopbackConnection): string[] {
  if (remoteAddress === "::1") return ["/proc/self/net/tcp6"];
  return ipv4(remoteAddress)?.startsWith("127.") ? ["/proc/self/net/tcp", "/proc/self/net/tcp6"] : [];
}

/**
 * @param table as proc_pid_net(5) has it
 * @returns a user's number; undefined where the table does not have the connection (any more)
 */
export function userOfConnection(table: string, connection: LoopbackConnection): number | undefined {
  const { remoteAddress = "", remotePort = 0, localPort = 0 } = connection;
  // The other end's own line: what is remote to us is local to it.
  const from = socketName(remoteAddress, remotePort);
  const [to = ""] = /:\w+$/.exec(socketName("::1", localPort).tcp6 ?? "") ?? [];
  for (const line of table.split("\n")) {
    for (const name of [from.tcp, from.tcp6]) {
      const found = name === undefined ? undefined : socketLine(line, name, to);
      // Older kernels show what no process holds any more as root's.
      if (found && (found.inode !== 0 || found.user !== 0)) return found.user;
    }
  }
  return undefined;
}

/**
 * @param read of a file of the kernel's
 * @returns `uid 1000`; undefined where the kernel does not say
 */
export function connectionUser(
  connection: LoopbackConnection,
  read: (path: string) => string,
): string | undefined {
  for (const table of socketTables(connection)) {
    try {
      const user = userOfConnection(read(table), connection);
      if (user !== undefined) return `uid ${user}`;
    } catch {
      return undefined; // no Linux
    }
  }
  return undefined;
}
