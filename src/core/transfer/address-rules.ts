/**
 * Which addresses a user's URL may lead to. Transfers are made by the agent, which reaches more of its machine than a task
 * should: the service's ports, metadata services of a real cloud, whatever listens on loopback. Pure.
 */
import { BlockList, isIPv4, isIPv6 } from "node:net";

const forbidden = new BlockList();
/** Source: IANA's registries of special-purpose addresses. */
for (const [net, prefix] of [
  ["0.0.0.0", 8],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["192.0.0.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
] as const)
  forbidden.addSubnet(net, prefix, "ipv4");
for (const [net, prefix] of [
  ["::", 128],
  ["::1", 128],
  ["fe80::", 10],
  ["fec0::", 10],
  ["ff00::", 8],
] as const)
  forbidden.addSubnet(net, prefix, "ipv6");
/** Metadata services of clouds that lie outside link-local: Azure's wire server, Alibaba's, Amazon's. */
forbidden.addAddress("168.63.129.16", "ipv4");
forbidden.addAddress("100.100.100.200", "ipv4");
forbidden.addAddress("fd00:ec2::254", "ipv6");

/** Ways to write an IPv4 address in IPv6, by the groups before it: mapped, compatible, NAT64. */
const EMBEDDINGS = ["0:0:0:0:0:ffff", "0:0:0:0:0:0", "64:ff9b:0:0:0:0"];

/** @param own addresses of this machine itself, on which the service may listen */
export function mayConnectTo(address: string, own: readonly string[]): boolean {
  if (isIPv4(address)) return !forbidden.check(address, "ipv4") && !own.includes(address);
  if (!isIPv6(address) || address.includes("%")) return false;
  const groups = groupsOf(address);
  const prefix = groups.slice(0, 6).map((group) => group.toString(16));
  if (EMBEDDINGS.includes(prefix.join(":")) || groups[0] === 0x2002) {
    const [high = 0, low = 0] = groups[0] === 0x2002 ? groups.slice(1, 3) : groups.slice(6);
    return mayConnectTo(`${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`, own);
  }
  return !forbidden.check(address, "ipv6") && !own.some((one) => isIPv6(one) && sameIPv6(one, groups));
}

function sameIPv6(address: string, groups: readonly number[]): boolean {
  return groupsOf(address.replace(/%.*/, "")).every((group, at) => group === groups[at]);
}

/** An IPv4 address at the end, written as two groups. */
function withoutIPv4(address: string): string {
  const start = address.lastIndexOf(":") + 1;
  const [a = "", b = "", c = "", d = "", ...more] = address.slice(start).split(".");
  if (d === "" || more.length > 0) return address;
  const group = (high: string, low: string) => (Number(high) * 256 + Number(low)).toString(16);
  return `${address.slice(0, start)}${group(a, b)}:${group(c, d)}`;
}

/** The eight groups. @param address a valid one */
function groupsOf(address: string): number[] {
  const plain = withoutIPv4(address);
  const [before = "", after] = plain.split("::");
  const numbers = (text: string) =>
    text === "" ? [] : text.split(":").map((group) => Number.parseInt(group, 16));
  const head = numbers(before);
  if (after === undefined) return head;
  const tail = numbers(after);
  return [...head, ...Array<number>(8 - head.length - tail.length).fill(0), ...tail];
}
