/** Every operation of `Microsoft.Batch`, in an order in which each can succeed, as a management client is asked for it. */
import type { ClientTour } from "../client-tour.fixture.ts";
import { eventually } from "../eventually.fixture.ts";
import { sendTo } from "../raw-request.fixture.ts";
import type { PackagesService } from "./application-packages.fixture.ts";

export interface ManagementPlace {
  readonly resourceGroup: string;
  readonly location: string;
  /** To be made. */
  readonly accountName: string;
  readonly storageAccountId: string;
  readonly certificate: { readonly thumbprint: string; readonly data: string };
}

interface Tour extends ManagementPlace {
  readonly tour: ClientTour;
  readonly packages: PackagesService;
  /** Of the account. */
  readonly own: readonly string[];
}

/** Of what the tour itself asks. */
export const MANAGEMENT_VERSION = "2023-11-01";

export async function managementTour(
  tour: ClientTour,
  packages: PackagesService,
  place: ManagementPlace,
): Promise<void> {
  const all = { ...place, tour, packages, own: [place.resourceGroup, place.accountName] };
  await locations(all);
  await accounts(all);
  await applications(all);
  await certificatesAndPools(all);
  await links(all);
  await tour.call("BatchAccount_Delete", all.own);
}

async function locations({ tour, location, accountName: name }: Tour): Promise<void> {
  await tour.call("Operations_List");
  await tour.call("Location_GetQuotas", [location]);
  const type = "Microsoft.Batch/batchAccounts";
  await tour.call("Location_CheckNameAvailability", [location], { name, type });
  await tour.call("Location_ListSupportedVirtualMachineSkus", [location]);
  await tour.call("Location_ListSupportedCloudServiceSkus", [location]);
}

async function accounts({ tour, location, resourceGroup, storageAccountId, own }: Tour): Promise<void> {
  const properties = { autoStorage: { storageAccountId } };
  await tour.call("BatchAccount_Create", own, { location, properties });
  await tour.call("BatchAccount_Get", own);
  await tour.call("BatchAccount_List");
  await tour.call("BatchAccount_ListByResourceGroup", [resourceGroup]);
  await tour.call("BatchAccount_Update", own, { tags: { tour: "yes" } });
  await tour.call("BatchAccount_GetKeys", own);
  await tour.call("BatchAccount_RegenerateKey", own, { keyName: "Primary" });
  await tour.call("BatchAccount_SynchronizeAutoStorageKeys", own);
  await tour.call("BatchAccount_ListDetectors", own);
  await tour.call("BatchAccount_GetDetector", [...own, "poolsAndNodes"]);
  await tour.call("BatchAccount_ListOutboundNetworkDependenciesEndpoints", own);
}

async function applications({ tour, packages, own }: Tour): Promise<void> {
  const application = [...own, "tool"];
  const version = [...application, "1"];
  await tour.call("Application_Create", application, {});
  await tour.call("ApplicationPackage_Create", version, {});
  // Made once more, for the URL that takes the package is told then alone.
  const { json } = await packages.arm.send("PUT", `${idOf(packages, own)}/applications/tool/versions/1`, {
    version: MANAGEMENT_VERSION,
  });
  const url = new URL(json.properties.storageUrl);
  const put = await sendTo(url, packages.service.ca, {
    method: "PUT",
    path: `${url.pathname}${url.search}`,
    headers: { "x-ms-version": "2021-12-02", "x-ms-blob-type": "BlockBlob" },
    body: "no archive",
  });
  if (put.status !== 201) throw new Error(`the upload was refused: ${put.text}`);
  await tour.call("ApplicationPackage_Activate", version, { format: "zip" });
  await tour.call("ApplicationPackage_Get", version);
  await tour.call("ApplicationPackage_List", application);
  await tour.call("Application_Get", application);
  await tour.call("Application_List", own);
  await tour.call("Application_Update", application, { properties: { displayName: "Tool" } });
  await tour.call("ApplicationPackage_Delete", version);
  await tour.call("Application_Delete", application);
}

async function certificatesAndPools({ tour, packages, own, certificate }: Tour): Promise<void> {
  const { thumbprint, data } = certificate;
  const named = [...own, `sha1-${thumbprint}`];
  const id = `${idOf(packages, own)}/certificates/sha1-${thumbprint}`;
  const described = { thumbprintAlgorithm: "sha1", thumbprint, format: "Cer" };
  await tour.call("Certificate_Create", named, { properties: { ...described, data } });
  await tour.call("Certificate_Update", named, { properties: { ...described, data } });
  await tour.call("Certificate_Get", named);
  await tour.call("Certificate_ListByBatchAccount", own);
  const pool = [...own, "pool"];
  await tour.call("Pool_Create", pool, {
    properties: {
      vmSize: "STANDARD_D2S_V3",
      deploymentConfiguration: {
        virtualMachineConfiguration: {
          imageReference: { publisher: "debian", offer: "debian-12", sku: "12" },
          nodeAgentSkuId: "batch.node.debian 12",
        },
      },
      scaleSettings: { autoScale: { formula: "$TargetDedicatedNodes = 0;" } },
      ...(tour.has("Certificate_Create") && { certificates: [{ id }] }),
    },
  });
  if (tour.has("Certificate_Create")) {
    // A pool uses it: it cannot be deleted, which is then taken back.
    await tour.call("Certificate_Delete", named, undefined, { leaves: true });
    await eventually("the deletion to fail", async () => {
      const { json } = await packages.arm.send("GET", id, { version: MANAGEMENT_VERSION });
      return json.properties.provisioningState === "Failed";
    });
    await tour.call("Certificate_CancelDeletion", named);
  }
  await tour.call("Pool_Get", pool);
  await tour.call("Pool_ListByBatchAccount", own);
  await tour.call("Pool_DisableAutoScale", pool);
  await tour.call("Pool_Update", pool, {
    properties: { metadata: [{ name: "tour", value: "yes" }] },
  });
  await tour.call("Pool_StopResize", pool);
  await tour.call("Pool_Delete", pool);
}

async function links({ tour, own }: Tour): Promise<void> {
  await tour.call("PrivateLinkResource_ListByBatchAccount", own);
  await tour.call("PrivateLinkResource_Get", [...own, "batchAccount"]);
  const connection = [...own, "absent"];
  await tour.call("PrivateEndpointConnection_ListByBatchAccount", own);
  await tour.call("PrivateEndpointConnection_Get", connection);
  await tour.call("PrivateEndpointConnection_Update", connection, {
    properties: { privateLinkServiceConnectionState: { status: "Approved" } },
  });
  await tour.call("PrivateEndpointConnection_Delete", connection);
  await tour.call("NetworkSecurityPerimeter_ListConfigurations", own);
  await tour.call("NetworkSecurityPerimeter_GetConfiguration", connection);
  await tour.call("NetworkSecurityPerimeter_ReconcileConfiguration", connection);
}

function idOf(packages: PackagesService, [group, account]: readonly string[]): string {
  const subscription = packages.service.ready.subscriptionId;
  return `/subscriptions/${subscription}/resourceGroups/${group}/providers/Microsoft.Batch/batchAccounts/${account}`;
}
