/** What a node's metadata endpoint is told of the virtual machine that the node stands for: facts of its account and pool. */
import { createHash } from "node:crypto";
import type { NodeRow } from "../../store/work/nodes.ts";
import type { PoolRow } from "../../store/work/pools.ts";
import type { InstanceFacts } from "../../wire/agent/messages.ts";
import type { PoolAddParameter } from "../../wire/batch/models-types.gen.ts";
import { type AccountHandle, accountScope } from "../accounts/account-handle.ts";

export function instanceFacts(
  account: AccountHandle,
  pool: PoolRow,
  node: Pick<NodeRow, "id">,
): InstanceFacts {
  const { tenantId, subscriptionId, resourceGroup, location } = account;
  const { vmSize, virtualMachineConfiguration, resourceTags } = JSON.parse(pool.spec) as PoolAddParameter;
  const image = virtualMachineConfiguration?.imageReference;
  return {
    vmId: vmId(`${accountScope(account)}/pools/${pool.id}/nodes/${node.id}`.toLowerCase()),
    tenantId,
    subscriptionId,
    resourceGroup,
    location,
    vmSize,
    image: {
      id: image?.virtualMachineImageId ?? "",
      communityGalleryImageId: image?.communityGalleryImageId ?? "",
      sharedGalleryImageId: image?.sharedGalleryImageId ?? "",
      offer: image?.offer ?? "",
      publisher: image?.publisher ?? "",
      sku: image?.sku ?? "",
      version: image?.version ?? (image?.publisher === undefined ? "" : "latest"),
    },
    tags: resourceTags ?? {},
  };
}

/** A UUID made of the node's name (RFC 9562, version 8): a node that is reimaged keeps both. */
function vmId(name: string): string {
  const bytes = createHash("sha256").update(name).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
