/** What a pool's NAT pools make of each of its nodes. Pure. Source: Azure Batch REST, "InboundNATPool", "InboundEndpoint". */
import type { InboundEndpoint, PoolAddParameter } from "../../wire/batch/models-types.gen.ts";

/** @param number the node's among those of its pool, the smallest that is free when it comes */
export function nodeEndpoints(
  { networkConfiguration }: Pick<PoolAddParameter, "networkConfiguration">,
  number: number,
  address: string,
): InboundEndpoint[] {
  const pools = networkConfiguration?.endpointConfiguration?.inboundNATPools ?? [];
  return pools.map(({ name, protocol, backendPort, frontendPortRangeStart }) => ({
    name: `${name}.${number}`,
    protocol,
    publicIPAddress: address,
    publicFQDN: address,
    frontendPort: frontendPortRangeStart + number,
    backendPort,
  }));
}

/** @param taken by the pool's other nodes */
export function freeNumber(taken: ReadonlySet<number>): number {
  let number = 0;
  while (taken.has(number)) number++;
  return number;
}
