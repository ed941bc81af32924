/**
 * What `/metadata/instance` says of a node: as the virtual machine that it stands for, in the shape of each api-version. Pure.
 * All values are texts, and what does not apply is there and empty, as the page says. Source: "Azure Instance Metadata Service".
 */
import type { InstanceFacts } from "../../wire/agent/messages.ts";

export interface NodeInstance {
  readonly nodeId: string;
  readonly isDedicated: boolean;
  readonly facts: InstanceFacts;
  readonly network: NodeNetwork;
}

/** The interface that has the node's address. */
export interface NodeNetwork {
  readonly address: string;
  readonly subnet: string;
  /** Length in bits. */
  readonly prefix: string;
  /** Twelve hexadecimal digits. */
  readonly macAddress: string;
}

export type Part = string | readonly Part[] | { readonly [name: string]: Part };

/** A property, and the api-version that it came with. */
type Dated = readonly [since: string, name: string, value: Part];

export function instanceMetadata(node: NodeInstance, version: string): { [name: string]: Part } {
  return { compute: compute(node, version), network: network(node.network) };
}

function compute({ nodeId, isDedicated, facts }: NodeInstance, version: string): Part {
  const { subscriptionId, resourceGroup, image } = facts;
  const tags = Object.entries(facts.tags);
  const since = sinceVersion(version);
  return since([
    ["2018-10-01", "azEnvironment", "AzurePublicCloud"],
    ["2021-11-01", "additionalCapabilities", { hibernationEnabled: "false" }],
    ["2019-02-01", "customData", ""],
    ["2020-12-01", "evictionPolicy", ""],
    ["2021-03-01", "extendedLocation", { name: "", type: "" }],
    ["2021-11-15", "host", { id: "" }],
    ["2021-11-15", "hostGroup", { id: "" }],
    ["2020-06-01", "isHostCompatibilityLayerVm", "false"],
    ["2020-09-01", "licenseType", ""],
    ["2017-04-02", "location", facts.location],
    ["2017-04-02", "name", nodeId],
    ["2017-04-02", "offer", image.offer],
    [
      "2020-07-15",
      "osProfile",
      since([
        ["2020-07-15", "adminUsername", ""],
        ["2020-07-15", "computerName", nodeId],
        ["2020-10-01", "disablePasswordAuthentication", "true"],
      ]),
    ],
    ["2017-04-02", "osType", "Linux"],
    ["2023-11-15", "physicalZone", ""],
    ["2017-08-01", "placementGroupId", ""],
    ["2018-04-02", "plan", { name: "", product: "", publisher: "" }],
    ["2017-04-02", "platformFaultDomain", "0"],
    ["2021-10-01", "platformSubFaultDomain", ""],
    ["2017-04-02", "platformUpdateDomain", "0"],
    ["2020-12-01", "priority", isDedicated ? "Regular" : "Spot"],
    ["2018-10-01", "provider", "Microsoft.Compute"],
    ["2018-04-02", "publicKeys", []],
    ["2017-04-02", "publisher", image.publisher],
    ["2017-08-01", "resourceGroupName", resourceGroup],
    [
      "2019-03-11",
      "resourceId",
      `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.Compute/virtualMachines/${nodeId}`,
    ],
    [
      "2020-06-01",
      "securityProfile",
      since([
        ["2021-11-01", "encryptionAtHost", "false"],
        ["2020-06-01", "secureBootEnabled", "false"],
        ["2021-12-13", "securityType", ""],
        ["2020-06-01", "virtualTpmEnabled", "false"],
      ]),
    ],
    ["2017-04-02", "sku", image.sku],
    ["2019-06-01", "storageProfile", storageProfile(facts, version)],
    ["2017-08-01", "subscriptionId", subscriptionId],
    ["2017-08-01", "tags", tags.map(([name, value]) => `${name}:${value}`).join(";")],
    ["2019-06-04", "tagsList", tags.map(([name, value]) => ({ name, value }))],
    ["2021-01-01", "userData", ""],
    ["2017-04-02", "version", image.version],
    ["2021-03-01", "virtualMachineScaleSet", { id: "" }],
    ["2017-04-02", "vmId", facts.vmId],
    ["2017-12-01", "vmScaleSetName", ""],
    ["2017-04-02", "vmSize", facts.vmSize],
    ["2017-12-01", "zone", ""],
  ]);
}

function storageProfile({ image }: InstanceFacts, version: string): Part {
  const since = sinceVersion(version);
  const key = (url: string): Part => ({ [url]: "", sourceVault: { id: "" } });
  return since([
    ["2019-06-01", "dataDisks", []],
    [
      "2019-06-01",
      "imageReference",
      since([
        ["2023-07-01", "communityGalleryImageId", image.communityGalleryImageId],
        ["2023-07-01", "exactVersion", ""],
        ["2019-06-01", "id", image.id],
        ["2019-06-01", "offer", image.offer],
        ["2019-06-01", "publisher", image.publisher],
        ["2023-07-01", "sharedGalleryImageId", image.sharedGalleryImageId],
        ["2019-06-01", "sku", image.sku],
        ["2019-06-01", "version", image.version],
      ]),
    ],
    [
      "2019-06-01",
      "osDisk",
      {
        caching: "",
        createOption: "FromImage",
        diffDiskSettings: { option: "" },
        diskSizeGB: "",
        encryptionSettings: since([
          ["2021-11-01", "diskEncryptionKey", key("secretUrl")],
          ["2019-06-01", "enabled", "false"],
          ["2021-11-01", "keyEncryptionKey", key("keyUrl")],
        ]),
        image: { uri: "" },
        managedDisk: { id: "", storageAccountType: "" },
        name: "",
        osType: "Linux",
        vhd: { uri: "" },
        writeAcceleratorEnabled: "false",
      },
    ],
    ["2021-02-01", "resourceDisk", { size: "0" }],
  ]);
}

function network({ address, subnet, prefix, macAddress }: NodeNetwork): Part {
  return {
    interface: [
      {
        ipv4: {
          ipAddress: [{ privateIpAddress: address, publicIpAddress: "" }],
          subnet: [{ address: subnet, prefix }],
        },
        ipv6: { ipAddress: [] },
        macAddress,
      },
    ],
  };
}

function sinceVersion(version: string): (properties: readonly Dated[]) => Part {
  return (properties) =>
    Object.fromEntries(
      properties.filter(([since]) => since <= version).map(([, name, value]) => [name, value]),
    );
}

/** What a path below `/metadata/instance` leads to, names in any case; undefined where nothing is. */
export function partAt(whole: Part, path: readonly string[]): Part | undefined {
  return path.reduce<Part | undefined>((part, name) => {
    if (part === undefined || typeof part === "string") return undefined;
    const key = Object.keys(part).find((each) => each.toLowerCase() === name.toLowerCase());
    return key === undefined ? undefined : (part as Readonly<Record<string, Part>>)[key];
  }, whole);
}

/** A value itself; of anything else what lies below it, one to a line, with a slash where more lies below that. */
export function textOf(part: Part): string {
  if (typeof part === "string") return part;
  return Object.entries(part)
    .map(([name, value]) => (typeof value === "string" ? name : `${name}/`))
    .join("\n");
}
