/** @param address as the socket tells it */
export function plainAddress(address: string | undefined): string {
  if (address === undefined || address === "::1") return "127.0.0.1";
  return address.startsWith("::ffff:") ? address.slice("::ffff:".length) : address;
}
