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

/** Pools may name them, and no list shows them: images that Batch once had and that programs of their time name, and those of Windows. */
const UNLISTED: readonly (readonly [
  publisher: string,
  offer: string,
  skus: string,
  nodeAgentSKUId: string,
])[] = [
  [
    "canonical",
    "ubuntuserver",
    "14.04.0-lts 14.04.1-lts 14.04.2-lts 14.04.3-lts 14.04.4-lts 14.04.5-lts",
    "batch.node.ubuntu 14.04",
  ],
  ["canonical", "ubuntuserver", "16.04.0-lts", "batch.node.ubuntu 16.04"],
  ["canonical", "ubuntuserver", "18_04-lts-gen2", "batch.node.ubuntu 18.04"],
  ["canonical", "0001-com-ubuntu-server-focal", "20_04-lts-gen2", "batch.node.ubuntu 20.04"],
  ["canonical", "0001-com-ubuntu-server-jammy", "22_04-lts-gen2", "batch.node.ubuntu 22.04"],
  ["canonical", "ubuntu-24_04-lts", "server-gen1", "batch.node.ubuntu 24.04"],
  ["microsoft-azure-batch", "ubuntu-server-container", "16-04-lts", "batch.node.ubuntu 16.04"],
  ["microsoft-azure-batch", "ubuntu-server-container-rdma", "16-04-lts", "batch.node.ubuntu 16.04"],
  ["microsoft-azure-batch", "ubuntu-server-container-rdma", "20-04-lts", "batch.node.ubuntu 20.04"],
  ["microsoft-azure-batch", "centos-container", "7-4 7-5 7-6 7-7", "batch.node.centos 7"],
  ["microsoft-azure-batch", "centos-container-rdma", "7-3 7-4 7-6 7-7", "batch.node.centos 7"],
  ["microsoft-dsvm", "ubuntu-hpc", "1804", "batch.node.ubuntu 18.04"],
  ["microsoft-dsvm", "ubuntu-2004", "2004-gen2", "batch.node.ubuntu 20.04"],
  ["microsoft-dsvm", "linux-data-science-vm-ubuntu", "linuxdsvmubuntu", "batch.node.ubuntu 16.04"],
  ["microsoft-ads", "linux-data-science-vm", "linuxdsvm linuxdsvmbyol", "batch.node.centos 7"],
  ["microsoft-ads", "standard-data-science-vm", "standard-data-science-vm", "batch.node.windows amd64"],
  ["debian", "debian-12", "12-gen2", "batch.node.debian 12"],
  ["debian", "debian-11", "11-gen2", "batch.node.debian 11"],
  ["debian", "debian-10", "10-backports", "batch.node.debian 10"],
  ["credativ", "debian", "8", "batch.node.debian 8"],
  ["credativ", "debian", "9", "batch.node.debian 9"],
  ["almalinux", "almalinux-x86_64", "8-gen1", "batch.node.el 8"],
  ["almalinux", "almalinux-x86_64", "9-gen1", "batch.node.el 9"],
  [
    "almalinux",
    "almalinux-hpc",
    "8_5-hpc 8_5-hpc-gen2 8_7-hpc-gen2 8_10-hpc-gen2 8-hpc-gen2",
    "batch.node.el 8",
  ],
  ["openlogic", "centos", "6.5 6.6", "batch.node.centos 6"],
  ["openlogic", "centos", "7.0 7.1 7.2 7.3 7.4 7.5 7.6 7.7 7_8", "batch.node.centos 7"],
  ["openlogic", "centos", "8_0 8_1 8_2 8_3 8_4", "batch.node.centos 8"],
  ["openlogic", "centos-hpc", "7.1 7.3 7.4 7.6 7.7 7_9", "batch.node.centos 7"],
  ["openlogic", "centos-hpc", "8_1", "batch.node.centos 8"],
  ["oracle", "oracle-linux", "7.0 7.2 7.3 7.4 7.5 7.6", "batch.node.centos 7"],
  ["suse", "sles", "12-sp1 12-sp2 12-sp3 12-sp4", "batch.node.opensuse 42.1"],
  ["suse", "sles-hpc", "12-sp1 12-sp2 12-sp3", "batch.node.opensuse 42.1"],
  ["suse", "opensuse-leap", "42.1 42.2 42.3", "batch.node.opensuse 42.1"],
  [
    "microsoftwindowsserver",
    "windowsserver",
    `2008-r2-sp1 2008-r2-sp1-smalldisk 2012-datacenter 2012-datacenter-smalldisk 2012-r2-datacenter 2012-r2-datacenter-smalldisk
     2016-datacenter 2016-datacenter-smalldisk 2016-datacenter-with-containers 2016-datacenter-gensecond 2016-datacenter-gs
     2019-datacenter 2019-datacenter-smalldisk 2019-datacenter-core 2019-datacenter-core-smalldisk 2019-datacenter-with-containers
     2019-datacenter-with-containers-smalldisk 2019-datacenter-core-with-containers 2019-datacenter-core-with-containers-smalldisk
     2019-datacenter-gensecond 2019-datacenter-smalldisk-g2 2022-datacenter 2022-datacenter-smalldisk 2022-datacenter-core
     2022-datacenter-core-smalldisk 2022-datacenter-g2 2022-datacenter-smalldisk-g2 2022-datacenter-core-g2 2022-datacenter-azure-edition
     2022-datacenter-azure-edition-core 2022-datacenter-azure-edition-smalldisk 2025-datacenter 2025-datacenter-smalldisk 2025-datacenter-g2
     2025-datacenter-azure-edition 2025-datacenter-core`,
    "batch.node.windows amd64",
  ],
  [
    "microsoftwindowsserver",
    "windowsserversemiannual",
    "datacenter-core-1709-smalldisk datacenter-core-1803-with-containers-smalldisk",
    "batch.node.windows amd64",
  ],
  [
    "microsoftwindowsserver",
    "microsoftserveroperatingsystems-previews",
    "windows-server-2022-preview",
    "batch.node.windows amd64",
  ],
  [
    "microsoftwindowsdesktop",
    "windows-10",
    "win10-21h2-ent win10-22h2-ent win10-22h2-pro",
    "batch.node.windows amd64",
  ],
  [
    "microsoftwindowsdesktop",
    "windows-11",
    "win11-21h2-ent win11-22h2-ent win11-23h2-ent win11-24h2-ent",
    "batch.node.windows amd64",
  ],
  [
    "microsoft-dsvm",
    "dsvm-win-2019",
    "server-2019 server-2019-g2 winserver-2019",
    "batch.node.windows amd64",
  ],
  ["microsoft-dsvm", "dsvm-windows", "server-2016", "batch.node.windows amd64"],
  ["batch", "rendering-windows2016", "rendering", "batch.node.windows amd64"],
  ["batch", "rendering-centos73", "rendering", "batch.node.centos 7"],
];

const imageName = (publisher: string, offer: string, sku: string): string =>
  `${publisher}/${offer}/${sku}`.toLowerCase();

const AGENTS_OF_IMAGES: ReadonlyMap<string, string> = new Map([
  ...supportedImages.map(
    ({ imageReference: { publisher, offer, sku }, nodeAgentSKUId }): [string, string] => [
      imageName(publisher, offer, sku),
      nodeAgentSKUId,
    ],
  ),
  ...UNLISTED.flatMap(([publisher, offer, skus, agent]) =>
    skus.split(/\s+/).map((sku): [string, string] => [imageName(publisher, offer, sku), agent]),
  ),
]);

const AGENTS: ReadonlySet<string> = new Set([...AGENTS_OF_IMAGES.values(), "batch.node.mariner 2.0"]);

/** The node agent that goes with an image of the marketplace, in any case; undefined for what is none that Batch ever had. */
export function nodeAgentOf(publisher: string, offer: string, sku: string): string | undefined {
  return AGENTS_OF_IMAGES.get(imageName(publisher, offer, sku));
}

export function isNodeAgent(id: string): boolean {
  return AGENTS.has(id.toLowerCase());
}

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
