/**
 * Who may enter a node by one of its endpoints. Pure. Source: Azure Batch REST, "NetworkSecurityGroupRule"; Azure, "Network security
 * groups": the first rule that fits counts, and a default one after them denies.
 */
import { BlockList, isIP, isIPv6 } from "node:net";
import type { EndpointRule } from "../../wire/agent/messages.ts";

/** Tags that stand for addresses anywhere; the others name parts of Azure, where nobody comes from here. */
const EVERYWHERE: ReadonlySet<string> = new Set(["*", "internet", "0.0.0.0/0", "::/0"]);

const TAG = /^[A-Za-z][\w.]{0,79}$/;

/** @param rules in the order of their priority; none lets everybody in */
export function mayEnter(rules: readonly EndpointRule[], address: string, port: number): boolean {
  if (rules.length === 0) return true;
  const rule = rules.find(
    ({ source, sourcePorts = ["*"] }) =>
      isFrom(source, address) && sourcePorts.some((range) => holds(range, port)),
  );
  return rule?.isAllowed ?? false;
}

/** Whether it is an address, a subnet, a tag or `*`. */
export function isSource(text: string): boolean {
  return EVERYWHERE.has(text.toLowerCase()) || TAG.test(text) || subnetOf(text) !== undefined;
}

/** @returns first and last port; undefined for what is neither `*` nor a port nor a range */
export function portRange(text: string): readonly [first: number, last: number] | undefined {
  if (text === "*") return [0, 65_535];
  const [, first = "", last = first] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text) ?? [];
  if (first === "" || Number(first) > Number(last) || Number(last) > 65_535) return undefined;
  return [Number(first), Number(last)];
}

function holds(range: string, port: number): boolean {
  const [first, last] = portRange(range) ?? [1, 0];
  return first <= port && port <= last;
}

function isFrom(source: string, address: string): boolean {
  if (EVERYWHERE.has(source.toLowerCase())) return true;
  const plain = address.replace(/^::ffff:/, "");
  return subnetOf(source)?.check(plain, isIPv6(plain) ? "ipv6" : "ipv4") ?? false;
}

function subnetOf(text: string): BlockList | undefined {
  const [address = "", prefix, ...more] = text.split("/");
  const family = isIP(address) === 6 ? "ipv6" : "ipv4";
  if (isIP(address) === 0 || more.length > 0) return undefined;
  const list = new BlockList();
  if (prefix === undefined) list.addAddress(address, family);
  else {
    if (!/^\d{1,3}$/.test(prefix) || Number(prefix) > (family === "ipv6" ? 128 : 32)) return undefined;
    list.addSubnet(address, Number(prefix), family);
  }
  return list;
}
