/** How a node is named where a task asks to run near it. Source: API description, "AffinityInformation". */
export function affinityId(nodeId: string): string {
  return `TVM:${nodeId}`;
}
