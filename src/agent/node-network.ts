/** Which interface of this machine has the address that its nodes are known by. */
import { type NetworkInterfaceInfo, networkInterfaces } from "node:os";
import type { NodeNetwork } from "./imds/instance-metadata.ts";

/** The first that is no loopback, of IPv4; the loopback where there is no other. */
export function nodeNetwork(): NodeNetwork {
  const all = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  const own = all.find(({ internal, family }) => !internal && family === "IPv4");
  if (own === undefined)
    return { address: "127.0.0.1", subnet: "127.0.0.0", prefix: "8", macAddress: "000000000000" };
  return {
    address: own.address,
    subnet: subnetOf(own),
    prefix: own.cidr?.split("/")[1] ?? "32",
    macAddress: own.mac.replaceAll(":", "").toUpperCase(),
  };
}

/** As `nodeNetwork` for IPv6: the first that others may reach, the loopback where there is none. */
export function nodeIPv6Address(): string {
  const all = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  const own = all.find(({ internal, family, scopeid }) => !internal && family === "IPv6" && scopeid === 0);
  return own?.address ?? "::1";
}

function subnetOf({ address, netmask }: NetworkInterfaceInfo): string {
  const mask = netmask.split(".").map(Number);
  return address
    .split(".")
    .map((byte, index) => Number(byte) & (mask[index] ?? 0))
    .join(".");
}
