/** What a pool's body may hold, in units of what belongs together, with the names of all api-versions: a test takes of each what its version has. */
import { SUBSCRIPTION } from "../contoso.fixture.ts";

interface Unit {
  readonly value: object;
  /** It stands alone, not beside an image. */
  readonly isWhole?: boolean;
  /** The property without which the rest of the unit means nothing. */
  readonly needs?: string;
}

const LAB = `/subscriptions/${SUBSCRIPTION}/resourceGroups/lab/providers`;
const image = { publisher: "debian", offer: "debian-12", sku: "12" };
const vm = (virtualMachineConfiguration: object) => ({
  deploymentConfiguration: { virtualMachineConfiguration },
});
const mount = (configuration: object) => ({ mountConfiguration: [configuration] });

export const POOL_UNITS: Readonly<Record<string, Unit>> = {
  names: { value: { displayName: "A pool", metadata: [{ name: "a", value: "b" }] } },
  inter: { value: { interNodeCommunication: "Disabled" } },
  slots: { value: { maxTasksPerNode: 2, taskSlotsPerNode: 2 } },
  policy: { value: { taskSchedulingPolicy: { nodeFillType: "Pack", jobDefaultOrder: "CreationTime" } } },
  mode: { value: { targetNodeCommunicationMode: "Simplified" } },
  fixed: {
    value: {
      scaleSettings: {
        fixedScale: {
          targetDedicatedNodes: 0,
          targetLowPriorityNodes: 0,
          resizeTimeout: "PT8M",
          nodeDeallocationOption: "TaskCompletion",
        },
      },
    },
  },
  auto: {
    value: {
      scaleSettings: { autoScale: { formula: "$TargetDedicatedNodes=0", evaluationInterval: "PT5M" } },
    },
  },
  image: {
    value: vm({ imageReference: { ...image, version: "latest" }, nodeAgentSkuId: "batch.node.debian 12" }),
  },
  cloud: {
    value: {
      vmSize: "Small",
      deploymentConfiguration: { cloudServiceConfiguration: { osFamily: "5", osVersion: "*" } },
    },
    isWhole: true,
    needs: "cloudServiceConfiguration",
  },
  disks: {
    value: vm({
      dataDisks: [{ lun: 0, diskSizeGB: 10, caching: "ReadOnly", storageAccountType: "Standard_LRS" }],
    }),
  },
  disksManaged: {
    value: vm({
      dataDisks: [{ lun: 0, diskSizeGB: 10, managedDisk: { storageAccountType: "Premium_LRS" } }],
    }),
  },
  osDisk: { value: vm({ osDisk: { diskSizeGB: 100, managedDisk: { storageAccountType: "Standard_LRS" } } }) },
  osCaching: { value: vm({ osDisk: { caching: "ReadOnly" } }) },
  osWrite: { value: vm({ osDisk: { writeAcceleratorEnabled: false } }) },
  ephemeral: { value: vm({ osDisk: { ephemeralOSDiskSettings: { placement: "CacheDisk" } } }) },
  encryption: { value: vm({ diskEncryptionConfiguration: { targets: ["OsDisk", "TemporaryDisk"] } }) },
  placement: { value: vm({ nodePlacementConfiguration: { policy: "Zonal" } }) },
  security: {
    value: vm({
      securityProfile: {
        securityType: "trustedLaunch",
        encryptionAtHost: true,
        uefiSettings: { secureBootEnabled: true, vTpmEnabled: true },
      },
    }),
  },
  artifact: {
    value: vm({
      serviceArtifactReference: {
        id: `${LAB}/Microsoft.Compute/galleries/g/serviceArtifacts/s/vmArtifactsProfiles/v`,
      },
    }),
  },
  extensions: {
    value: vm({
      extensions: [
        {
          name: "ext",
          publisher: "Microsoft.Azure.KeyVault",
          type: "KeyVaultForLinux",
          typeHandlerVersion: "2.0",
          autoUpgradeMinorVersion: true,
          enableAutomaticUpgrade: true,
          settings: {
            secretsManagementSettings: {
              observedCertificates: ["https://vault.example/secrets/certificate"],
            },
          },
        },
      ],
    }),
  },
  network: {
    value: {
      networkConfiguration: {
        subnetId: `${LAB}/Microsoft.Network/virtualNetworks/v/subnets/s`,
        dynamicVNetAssignmentScope: "none",
        dynamicVnetAssignmentScope: "none",
      },
    },
  },
  accelerated: { value: { networkConfiguration: { enableAcceleratedNetworking: true } } },
  endpoints: {
    value: {
      networkConfiguration: {
        endpointConfiguration: {
          inboundNatPools: [
            {
              name: "web",
              protocol: "TCP",
              backendPort: 8080,
              frontendPortRangeStart: 15000,
              frontendPortRangeEnd: 15100,
              networkSecurityGroupRules: [
                { priority: 150, access: "Allow", sourceAddressPrefix: "*", sourcePortRanges: ["1", "2"] },
              ],
            },
          ],
        },
      },
    },
  },
  addresses: {
    value: { networkConfiguration: { publicIPAddressConfiguration: { provision: "NoPublicIPAddresses" } } },
  },
  startTask: {
    value: {
      startTask: {
        commandLine: "/bin/true",
        environmentSettings: [{ name: "A", value: "b" }],
        maxTaskRetryCount: 1,
        waitForSuccess: true,
        userIdentity: { autoUser: { scope: "Pool", elevationLevel: "Admin" } },
        resourceFiles: [
          {
            httpUrl: "https://a.example/x",
            blobSource: "https://a.example/x",
            filePath: "x",
            fileMode: "0644",
          },
        ],
      },
    },
  },
  startFiles: {
    value: {
      startTask: {
        commandLine: "/bin/true",
        resourceFiles: [{ storageContainerUrl: "https://a.example/c?sig=x", blobPrefix: "p", filePath: "d" }],
      },
    },
    needs: "storageContainerUrl",
  },
  users: {
    value: {
      userAccounts: [
        {
          name: "one",
          password: "Some-Password-1",
          elevationLevel: "Admin",
          linuxUserConfiguration: { uid: 1500, gid: 1500 },
        },
      ],
    },
  },
  blobfuse: {
    value: mount({
      azureBlobFileSystemConfiguration: {
        accountName: "store",
        containerName: "box",
        accountKey: "a2V5",
        relativeMountPath: "m",
        blobfuseOptions: "-o ro",
      },
    }),
  },
  nfs: {
    value: mount({
      nfsMountConfiguration: { source: "server:/x", relativeMountPath: "m", mountOptions: "-o ro" },
    }),
  },
  upgrade: {
    value: {
      upgradePolicy: {
        mode: "automatic",
        automaticOSUpgradePolicy: {
          disableAutomaticRollback: true,
          enableAutomaticOSUpgrade: true,
          useRollingUpgradePolicy: true,
          osRollingUpgradeDeferral: true,
        },
        rollingUpgradePolicy: {
          maxBatchInstancePercent: 20,
          maxUnhealthyInstancePercent: 20,
          maxUnhealthyUpgradedInstancePercent: 20,
          pauseTimeBetweenBatches: "PT1M",
          prioritizeUnhealthyInstances: false,
          rollbackFailedInstancesOnPolicyBreach: false,
          enableCrossZoneUpgrade: false,
        },
      },
    },
  },
};

/** Units that are refused, and why. */
export const REFUSED: Readonly<Record<string, { readonly outcome: string; readonly reason: string }>> = {
  extensions: {
    outcome: "400 InvalidPropertyValue",
    reason: "Key Vault's settings name an identity that the pool must have; with one they are kept and shown",
  },
};
