/**
 * From where an account may be reached: a storage account's data, or a Batch account's endpoint. Pure. Sources: "Configure Azure Storage
 * firewalls and virtual networks"; "Configure public network access with Azure Batch accounts".
 */
import { ipv4Number } from "./sas.ts";

export interface NetworkRules {
  readonly publicNetworkAccess?: "Enabled" | "Disabled" | "SecuredByPerimeter";
  readonly networkAcls?: {
    readonly defaultAction: "Allow" | "Deny";
    readonly ipRules?: readonly { readonly value: string }[];
  };
}

/** Whether the account answers nobody at this address. Without private endpoints, an account that is not public is closed to all. */
export function closedTo({ publicNetworkAccess, networkAcls }: NetworkRules, address: string): boolean {
  if (publicNetworkAccess !== undefined && publicNetworkAccess !== "Enabled") return true;
  if (networkAcls?.defaultAction !== "Deny") return false;
  return !(networkAcls.ipRules ?? []).some(({ value }) => isInNet(address, value));
}

/** @param net an IPv4 address, or a range in CIDR notation */
function isInNet(address: string, net: string): boolean {
  const [number, range] = [ipv4Number(address), netOf(net)];
  if (number === undefined || range === undefined) return false;
  return number >= range.first && number < range.first + range.size;
}

/** @returns undefined for what is no IPv4 address and no range of them */
export function netOf(text: string): { readonly first: number; readonly size: number } | undefined {
  const slash = text.indexOf("/");
  const first = ipv4Number(slash < 0 ? text : text.slice(0, slash));
  const bits = slash < 0 ? "32" : text.slice(slash + 1);
  if (first === undefined || !/^\d{1,2}$/.test(bits) || Number(bits) > 32) return undefined;
  const size = 2 ** (32 - Number(bits));
  return { first: first - (first % size), size };
}
