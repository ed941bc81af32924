/** The kernel's tables of TCP sockets, line by line: proc_pid_net(5). Pure. */

/** How one end of a connection is written in the table of each family. */
export interface SocketName {
  /** Undefined for an address that IPv4 has not. */
  readonly tcp: string | undefined;
  /** A socket that takes both kinds of addresses stands here whichever it has. */
  readonly tcp6: string | undefined;
}

export interface SocketLine {
  /** The user who made the socket, as the reader's namespace numbers it. */
  readonly user: number;
  /** 0 for one that no process holds any more. */
  readonly inode: number;
}

const [LOCAL, REMOTE, USER, INODE] = [1, 2, 7, 9];
const IPV4_WITHIN_IPV6 = "0000000000000000FFFF0000";
const LOOPBACK = "00000000000000000000000001000000";

/** @param address as Node.js tells it; of IPv6's, the loopback and what stands for IPv4's are known */
export function socketName(address: string, port: number): SocketName {
  const end = port.toString(16).toUpperCase().padStart(4, "0");
  if (address === "::1") return { tcp: undefined, tcp6: `${LOOPBACK}:${end}` };
  const four = ipv4(address);
  if (four === undefined) return { tcp: undefined, tcp6: undefined };
  const reversed = reversedHexadecimal(four);
  return { tcp: `${reversed}:${end}`, tcp6: `${IPV4_WITHIN_IPV6}${reversed}:${end}` };
}

/**
 * @param from the socket's own end
 * @param to the other one, or how it ends
 * @returns undefined for another socket's line
 */
export function socketLine(line: string, from: string, to: string): SocketLine | undefined {
  if (!line.includes(from)) return undefined;
  const columns = line.trim().split(/\s+/);
  if (columns[LOCAL] !== from || columns[REMOTE]?.endsWith(to) !== true) return undefined;
  return { user: Number(columns[USER]), inode: Number(columns[INODE]) };
}

/** A socket that takes both kinds of addresses writes IPv4's as IPv6's. */
export function ipv4(address: string): string | undefined {
  return /^(?:::ffff:)?(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
}

function reversedHexadecimal(address: string): string {
  return address
    .split(".")
    .reverse()
    .map((byte) => Number(byte).toString(16).toUpperCase().padStart(2, "0"))
    .join("");
}
