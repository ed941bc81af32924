/**
 * Whether there are machines such as a pool asks for: its size, its image, the node agent for it, and what of Azure it names by id. Pure.
 * Source: Azure Batch REST, "Pool - Add"; replies of the service for the codes.
 */

import type { ImageReference, PoolAddParameter } from "../../wire/batch/models-types.gen.ts";
import { isNodeAgent, nodeAgentOf } from "../../wire/batch/supported-images.ts";
import { isCloudServiceSize, isVirtualMachineSize } from "../../wire/batch/vm-sizes.ts";
import { Fault } from "../fault.ts";

type Machines = Pick<
  PoolAddParameter,
  "vmSize" | "virtualMachineConfiguration" | "cloudServiceConfiguration" | "networkConfiguration"
>;

/** @throws Fault InvalidPropertyValue that names what there is none of */
export function checkMachines({ vmSize, virtualMachineConfiguration: machine }: Machines): void {
  const isSize = machine ? isVirtualMachineSize(vmSize) : isCloudServiceSize(vmSize);
  if (!isSize) throw invalid("vmSize", vmSize, "The specified vmSize is not supported");
  if (!machine) return;
  const { nodeAgentSKUId } = machine;
  const goesWith = agentOfImage(machine.imageReference);
  if (!isNodeAgent(nodeAgentSKUId))
    throw invalid("nodeAgentSKUId", nodeAgentSKUId, "There is no such node agent");
  if (goesWith !== undefined && goesWith !== nodeAgentSKUId.toLowerCase()) {
    throw invalid("nodeAgentSKUId", nodeAgentSKUId, `The node agent of the specified image is ${goesWith}`);
  }
}

/** Undefined for an image that is somebody's own: only they know its system. */
function agentOfImage(image: ImageReference | undefined): string | undefined {
  if (!image || imageId(image)) return undefined;
  const { publisher = "", offer = "", sku = "" } = image;
  const agent = nodeAgentOf(publisher, offer, sku);
  if (agent !== undefined) return agent;
  const reason = "The specified image is not supported, or there is none such";
  throw invalid("imageReference", `${publisher}:${offer}:${sku}`, reason);
}

function imageId(image: ImageReference): readonly [name: string, id: string] | undefined {
  for (const name of ["virtualMachineImageId", "sharedGalleryImageId", "communityGalleryImageId"] as const) {
    const id = image[name];
    if (id) return [name, id];
  }
  return undefined;
}

/** Whether the pool names something by its resource id, so that `checkResourceIds` is to be asked. */
export function namesResources({ networkConfiguration, virtualMachineConfiguration }: Machines): boolean {
  const { virtualMachineImageId } = virtualMachineConfiguration?.imageReference ?? {};
  return Boolean(networkConfiguration?.subnetId || virtualMachineImageId);
}

/**
 * What a pool names by id lies in the account's own subscription: nobody here has another one's networks and images.
 * @throws Fault InvalidPropertyValue; Forbidden for a pool of cloud services, whose networks are not enabled for such accounts
 */
export function checkResourceIds(pool: Machines, subscriptionId: string): void {
  const { networkConfiguration, virtualMachineConfiguration, cloudServiceConfiguration } = pool;
  const subnet = networkConfiguration?.subnetId;
  if (subnet && !isOf(subscriptionId, subnet)) {
    if (cloudServiceConfiguration) {
      const reason = "The specified property is not enabled for this account";
      throw new Fault("Forbidden", "", { values: named("subnetId", subnet, reason) });
    }
    throw invalid("subnetId", subnet, "The specified subnet is in another subscription than the account");
  }
  const image = virtualMachineConfiguration?.imageReference?.virtualMachineImageId;
  if (image && !isOf(subscriptionId, image)) {
    throw invalid("virtualMachineImageId", image, "The account cannot read the specified image");
  }
}

function isOf(subscriptionId: string, resourceId: string): boolean {
  return resourceId.toLowerCase().startsWith(`/subscriptions/${subscriptionId.toLowerCase()}/`);
}

const named = (property: string, value: string, reason: string) => [
  { key: "PropertyName", value: property },
  { key: "PropertyValue", value: value.slice(0, 256) },
  { key: "Reason", value: reason },
];

function invalid(property: string, value: string, reason: string): Fault {
  return new Fault("InvalidPropertyValue", "", { values: named(property, value, reason) });
}
