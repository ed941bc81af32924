/** What a pool's NAT pools make of each of its nodes. Pure. Source: Azure Batch REST, "InboundNATPool", "InboundEndpoint". */
import { type EndpointSpec, type OpenEndpoint, SSH_ENDPOINT } from "../../wire/agent/messages.ts";
import type { InboundEndpoint, InboundNATPool, PoolAddParameter } from "../../wire/batch/models-types.gen.ts";

type WithNetwork = Pick<PoolAddParameter, "networkConfiguration">;

const SSH_PORT = 22;

const natPoolsOf = ({ networkConfiguration }: WithNetwork) =>
  networkConfiguration?.endpointConfiguration?.inboundNATPools ?? [];

const protocolOf = ({ protocol }: InboundNATPool) => (protocol.toLowerCase() === "udp" ? "udp" : "tcp");

/** Whether its nodes are reached by IPv6 as well. Azure Batch REST, "PublicIPAddressConfiguration". */
export function isDualStack({ networkConfiguration }: WithNetwork): boolean {
  const { ipFamilies = [] } = networkConfiguration?.publicIPAddressConfiguration ?? {};
  return ipFamilies.some((family) => family.toLowerCase() === "ipv6");
}

/** What the node's agent is to open. @param number the node's among those of its pool, the smallest that is free when it comes */
export function endpointSpecs(pool: WithNetwork, number: number): EndpointSpec[] {
  return natPoolsOf(pool).map((nat) => {
    const wanted = nat.frontendPortRangeStart + number;
    const rules = [...(nat.networkSecurityGroupRules ?? [])].sort((a, b) => a.priority - b.priority);
    return {
      name: nat.name,
      ...(protocolOf(nat) === "udp" && { protocol: "udp" }),
      backendPort: nat.backendPort,
      // Any, for a node that its range has none left for.
      frontendPort: wanted > nat.frontendPortRangeEnd ? 0 : wanted,
      rules: rules.map(({ access, sourceAddressPrefix, sourcePortRanges }) => ({
        isAllowed: access.toLowerCase() === "allow",
        source: sourceAddressPrefix,
        ...(sourcePortRanges && { sourcePorts: sourcePortRanges }),
      })),
    };
  });
}

/** Those that lead to the node by now, at the ports that its agent has had. */
export function nodeEndpoints(
  pool: WithNetwork,
  number: number,
  open: readonly OpenEndpoint[],
): InboundEndpoint[] {
  const behind = new Map<string, Pick<InboundEndpoint, "protocol" | "backendPort">>(
    natPoolsOf(pool).map((nat) => [nat.name, { protocol: protocolOf(nat), backendPort: nat.backendPort }]),
  );
  behind.set(SSH_ENDPOINT, { protocol: "tcp", backendPort: SSH_PORT });
  return open.flatMap(({ name, port }) => {
    const inside = behind.get(name);
    if (inside === undefined) return [];
    const publicIPAddress = "127.0.0.1";
    const { protocol, backendPort } = inside;
    const place = { publicIPAddress, publicFQDN: "localhost", frontendPort: port, backendPort };
    return [{ name: `${name}.${number}`, protocol, ...place }];
  });
}

/** @param taken by the pool's other nodes */
export function freeNumber(taken: ReadonlySet<number>): number {
  let number = 0;
  while (taken.has(number)) number++;
  return number;
}
