/** Which user of this machine is at the other end of a connection over its loopback: the kernel's table of sockets says it. Pure. */

export interface LoopbackConnection {
  /** As Node.js tells it. */
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
  readonly localPort?: number | undefined;
}

const [LOCAL_ADDRESS, REMOTE_ADDRESS, USER] = [1, 2, 7];
const IPV6_LOOPBACK = "00000000000000000000000001000000";

/** Path of the table that has the connection; undefined for one that does not come from this machine's loopback. */
export function socketTable({ remoteAddress = "" }: LoopbackConnection): string | undefined {
  if (remoteAddress === "::1") return "/proc/self/net/tcp6";
  return ipv4(remoteAddress)?.startsWith("127.") ? "/proc/self/net/tcp" : undefined;
}

/**
 * @param table as proc_pid_net(5) has it
 * @returns a user's number; undefined where the table does not have the connection (any more)
 */
export function userOfConnection(table: string, connection: LoopbackConnection): string | undefined {
  const { remoteAddress = "", remotePort = 0, localPort = 0 } = connection;
  const address = remoteAddress === "::1" ? IPV6_LOOPBACK : reversedHexadecimal(ipv4(remoteAddress) ?? "");
  // The other end's own line: what is remote to us is local to it.
  const from = `${address}:${portHexadecimal(remotePort)}`;
  const to = `:${portHexadecimal(localPort)}`;
  for (const line of table.split("\n")) {
    const columns = line.trim().split(/\s+/);
    if (columns[LOCAL_ADDRESS] === from && columns[REMOTE_ADDRESS]?.endsWith(to)) return columns[USER];
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
  const table = socketTable(connection);
  if (table === undefined) return undefined;
  try {
    const user = userOfConnection(read(table), connection);
    return user === undefined ? undefined : `uid ${user}`;
  } catch {
    return undefined; // no Linux
  }
}

/** A socket that takes both kinds of addresses writes IPv4's as IPv6's. */
function ipv4(address: string): string | undefined {
  return /^(?:::ffff:)?(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
}

function reversedHexadecimal(address: string): string {
  return address
    .split(".")
    .reverse()
    .map((byte) => Number(byte).toString(16).toUpperCase().padStart(2, "0"))
    .join("");
}

function portHexadecimal(port: number): string {
  return port.toString(16).toUpperCase().padStart(4, "0");
}
