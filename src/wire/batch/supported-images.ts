/**
 * The images a pool may name. Nodes here run this machine's own system whatever the image; the list holds the Linux images that
 * programs for Azure Batch name most, so that those that look an image up find it. Source: Azure page "List of supported VM images".
 */

const image = (publisher: string, offer: string, sku: string, nodeAgentSKUId: string) => ({
  nodeAgentSKUId,
  imageReference: { publisher, offer, sku, version: "latest" },
  osType: "linux",
  capabilities: ["DockerCompatible"],
  verificationType: "verified",
});

export const supportedImages = [
  image("canonical", "0001-com-ubuntu-server-focal", "20_04-lts", "batch.node.ubuntu 20.04"),
  image("canonical", "0001-com-ubuntu-server-jammy", "22_04-lts", "batch.node.ubuntu 22.04"),
  image("microsoft-azure-batch", "ubuntu-server-container", "20-04-lts", "batch.node.ubuntu 20.04"),
  image("canonical", "ubuntu-24_04-lts", "server", "batch.node.ubuntu 24.04"),
  image("debian", "debian-11", "11", "batch.node.debian 11"),
  image("debian", "debian-12", "12", "batch.node.debian 12"),
  image("almalinux", "almalinux-x86_64", "8-gen2", "batch.node.el 8"),
  image("almalinux", "almalinux-x86_64", "9-gen2", "batch.node.el 9"),
] as const;
