/**
 * The images a pool may name, with the node agents that go with them. Nodes here run this machine's own system whatever the image, and no
 * containers, so that no image claims to be able to; the list holds the Linux images that programs for Azure Batch name, so that those
 * that look one up find it, and choose as they would there by the day on which its support ends. Source: Azure page "List of supported VM
 * images"; announcements of Azure/Batch on GitHub for the days.
 */

export interface SupportedImage {
  readonly nodeAgentSKUId: string;
  readonly imageReference: {
    readonly publisher: string;
    readonly offer: string;
    readonly sku: string;
    readonly version: string;
  };
  readonly osType: string;
  readonly capabilities: readonly string[];
  readonly batchSupportEndOfLife?: string;
  readonly verificationType: string;
}

/** Of node agents, where it is announced. */
const END_OF_LIFE: Readonly<Record<string, string>> = {
  "batch.node.ubuntu 16.04": "2024-12-31T00:00:00Z",
  "batch.node.ubuntu 18.04": "2024-12-31T00:00:00Z",
  "batch.node.ubuntu 20.04": "2025-04-23T00:00:00Z",
  "batch.node.ubuntu 22.04": "2027-06-30T00:00:00Z",
  "batch.node.centos 7": "2024-12-31T00:00:00Z",
  "batch.node.debian 9": "2024-12-31T00:00:00Z",
  "batch.node.debian 10": "2024-12-31T00:00:00Z",
};

const image = (publisher: string, offer: string, sku: string, nodeAgentSKUId: string): SupportedImage => {
  const end = END_OF_LIFE[nodeAgentSKUId];
  return {
    nodeAgentSKUId,
    imageReference: { publisher, offer, sku, version: "latest" },
    osType: "linux",
    capabilities: [],
    ...(end !== undefined && { batchSupportEndOfLife: end }),
    verificationType: "verified",
  };
};

export const supportedImages: readonly SupportedImage[] = [
  image("canonical", "ubuntu-24_04-lts", "server", "batch.node.ubuntu 24.04"),
  image("canonical", "0001-com-ubuntu-server-jammy", "22_04-lts", "batch.node.ubuntu 22.04"),
  image("canonical", "0001-com-ubuntu-server-focal", "20_04-lts", "batch.node.ubuntu 20.04"),
  image("canonical", "ubuntuserver", "18.04-lts", "batch.node.ubuntu 18.04"),
  image("canonical", "ubuntuserver", "16.04-lts", "batch.node.ubuntu 16.04"),
  image("microsoft-dsvm", "ubuntu-hpc", "2404", "batch.node.ubuntu 24.04"),
  image("microsoft-dsvm", "ubuntu-hpc", "2204", "batch.node.ubuntu 22.04"),
  image("microsoft-dsvm", "ubuntu-hpc", "2004", "batch.node.ubuntu 20.04"),
  image("microsoft-azure-batch", "ubuntu-server-container", "20-04-lts", "batch.node.ubuntu 20.04"),
  image("microsoft-azure-batch", "centos-container", "7-8", "batch.node.centos 7"),
  image("debian", "debian-12", "12", "batch.node.debian 12"),
  image("debian", "debian-11", "11", "batch.node.debian 11"),
  image("debian", "debian-10", "10", "batch.node.debian 10"),
  image("almalinux", "almalinux-x86_64", "9-gen2", "batch.node.el 9"),
  image("almalinux", "almalinux-x86_64", "8-gen2", "batch.node.el 8"),
  image("openlogic", "centos", "7_9", "batch.node.centos 7"),
];

/** What api-versions until 2018-12-01.8.0 show instead: by node agent, the images that go with it. */
export interface NodeAgentSku {
  readonly id: string;
  readonly verifiedImageReferences: readonly SupportedImage["imageReference"][];
  readonly osType: string;
}

export const nodeAgentSkus: readonly NodeAgentSku[] = [
  ...new Set(supportedImages.map(({ nodeAgentSKUId }) => nodeAgentSKUId)),
].map((id) => ({
  id,
  verifiedImageReferences: supportedImages
    .filter(({ nodeAgentSKUId }) => nodeAgentSKUId === id)
    .map(({ imageReference }) => imageReference),
  osType: "linux",
}));
