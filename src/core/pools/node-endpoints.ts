/** What a pool's NAT pools make of each of its nodes. Pure. Source: Azure Batch REST, "InboundNATPool", "InboundEndpoint". */
import { type EndpointSpec, type OpenEndpoint, SSH_ENDPOINT } from "../../wire/agent/messages.ts";
import type { InboundEndpoint, PoolAddParameter } from "../../wire/batch/models-types.gen.ts";

type WithNetwork = Pick<PoolAddParameter, "networkConfiguration">;

const SSH_PORT = 22;

const natPoolsOf = ({ networkConfiguration }: WithNetwork) =>
  networkConfiguration?.endpointConfiguration?.inboundNATPools ?? [];

/** What the node's agent is to open. @param number the node's among those of its pool, the smallest that is free when it comes */
export function endpointSpecs(pool: WithNetwork, number: number): EndpointSpec[] {
  return natPoolsOf(pool).map((nat) => {
    const wanted = nat.frontendPortRangeStart + number;
    const rules = [...(nat.networkSecurityGroupRules ?? [])].sort((a, b) => a.priority - b.priority);
    return {
      name: nat.name,
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
  const backendPorts = new Map(natPoolsOf(pool).map(({ name, backendPort }) => [name, backendPort]));
  backendPorts.set(SSH_ENDPOINT, SSH_PORT);
  return open.flatMap(({ name, port }) => {
    const backendPort = backendPorts.get(name);
    if (backendPort === undefined) return [];
    const publicIPAddress = "127.0.0.1";
    const place = { publicIPAddress, publicFQDN: "localhost", frontendPort: port, backendPort };
    return [{ name: `${name}.${number}`, protocol: "tcp" as const, ...place }];
  });
}

/** @param taken by the pool's other nodes */
export function freeNumber(taken: ReadonlySet<number>): number {
  let number = 0;
  while (taken.has(number)) number++;
  return number;
}
