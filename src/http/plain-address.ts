/**
 * An address of a peer as people write it: IPv4 inside IPv6 as IPv4, and the loopback of either as 127.0.0.1, which rules about addresses then meet alike.
 * @param address as the socket tells it; undefined once the other end has gone
 */
export function plainAddress(address: string | undefined): string {
  if (address === undefined || address === "::1") return "127.0.0.1";
  return address.startsWith("::ffff:") ? address.slice("::ffff:".length) : address;
}
