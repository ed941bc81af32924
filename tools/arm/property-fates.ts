/**
 * What becomes of each property that a management request for Batch may carry, by resource type and path: it is acted on, kept and shown by choice
 * (it describes hardware, networks or licences that a machine here has not), or refused by name as long as it is not built. An entry stands for
 * all that is below it. What the service alone gives (read-only) is told by the types. The compatibility page is generated from this; a guard
 * holds it against every api-version's types.
 */
export interface PropertyFates {
  readonly actedOn: readonly string[];
  readonly kept: readonly string[];
  readonly refused: readonly string[];
}

const MACHINE = "deploymentConfiguration.virtualMachineConfiguration";
/** Of container images. */
/** By kind. */
const MOUNTS = {
  azureBlobFileSystemConfiguration:
    "accountKey accountName blobfuseOptions containerName identityReference.resourceId relativeMountPath sasKey",
  azureFileShareConfiguration: "accountKey accountName azureFileUrl mountOptions relativeMountPath",
  cifsMountConfiguration: "mountOptions password relativeMountPath source userName username",
  nfsMountConfiguration: "mountOptions relativeMountPath source",
};
const REGISTRY = ["identityReference.resourceId", "password", "registryServer", "username"];

export const PROPERTY_FATES: Readonly<Record<string, PropertyFates>> = {
  "Microsoft.Batch/batchAccounts": {
    actedOn: [
      "identity.type",
      "identity.userAssignedIdentities",
      "location",
      "name",
      "properties.allowedAuthenticationModes",
      "properties.autoStorage.authenticationMode",
      "properties.autoStorage.nodeIdentityReference.resourceId",
      "properties.autoStorage.storageAccountId",
      "properties.networkProfile.accountAccess",
      "properties.poolAllocationMode",
      "properties.publicNetworkAccess",
      "tags",
    ],
    kept: [
      "properties.encryption.keySource",
      "properties.encryption.keyVaultProperties.keyIdentifier",
      "properties.keyVaultReference",
      "properties.networkProfile.nodeManagementAccess",
    ],
    refused: [],
  },
  "Microsoft.Batch/batchAccounts/applications": {
    actedOn: ["allowUpdates", "displayName", "name", "tags"].concat(
      ["allowUpdates", "defaultVersion", "displayName"].map((name) => `properties.${name}`),
    ),
    kept: [],
    refused: [],
  },
  "Microsoft.Batch/batchAccounts/certificates": {
    actedOn: ["name"].concat(
      ["data", "format", "password", "thumbprint", "thumbprintAlgorithm"].map((name) => `properties.${name}`),
    ),
    kept: [],
    refused: ["tags"],
  },
  "Microsoft.Batch/batchAccounts/pools": {
    actedOn: [
      "identity.type",
      "identity.userAssignedIdentities",
      "name",
      "tags",
      ...[
        "applicationPackages.id",
        "applicationPackages.version",
        "certificates.id",
        "certificates.storeLocation",
        "certificates.storeName",
        "certificates.visibility",
        ...["containerImageNames", ...REGISTRY.map((name) => `containerRegistries.${name}`)].map(
          (name) => `${MACHINE}.containerConfiguration.${name}`,
        ),
        `${MACHINE}.imageReference.offer`,
        `${MACHINE}.imageReference.publisher`,
        `${MACHINE}.imageReference.sku`,
        `${MACHINE}.imageReference.version`,
        `${MACHINE}.nodeAgentSkuId`,
        "interNodeCommunication",
        "maxTasksPerNode",
        ...Object.entries(MOUNTS).flatMap(([kind, names]) =>
          names.split(" ").map((name) => `mountConfiguration.${kind}.${name}`),
        ),
        "scaleSettings.autoScale.evaluationInterval",
        "scaleSettings.autoScale.formula",
        "scaleSettings.fixedScale.nodeDeallocationOption",
        "scaleSettings.fixedScale.resizeTimeout",
        "scaleSettings.fixedScale.targetDedicatedNodes",
        "scaleSettings.fixedScale.targetLowPriorityNodes",
        "startTask.commandLine",
        ...[
          "containerHostBatchBindMounts.isReadOnly",
          "containerHostBatchBindMounts.source",
          "containerRunOptions",
          "imageName",
          ...REGISTRY.map((name) => `registry.${name}`),
          "workingDirectory",
        ].map((name) => `startTask.containerSettings.${name}`),
        "startTask.environmentSettings.name",
        "startTask.environmentSettings.value",
        "startTask.maxTaskRetryCount",
        "startTask.resourceFiles.autoStorageContainerName",
        "startTask.resourceFiles.blobPrefix",
        "startTask.resourceFiles.blobSource",
        "startTask.resourceFiles.fileMode",
        "startTask.resourceFiles.filePath",
        "startTask.resourceFiles.httpUrl",
        "startTask.resourceFiles.identityReference.resourceId",
        "startTask.resourceFiles.storageContainerUrl",
        "startTask.userIdentity.autoUser.elevationLevel",
        "startTask.userIdentity.autoUser.scope",
        "startTask.userIdentity.userName",
        "startTask.waitForSuccess",
        "taskSchedulingPolicy.jobDefaultOrder",
        "taskSchedulingPolicy.nodeFillType",
        "taskSlotsPerNode",
        "userAccounts.elevationLevel",
        "userAccounts.linuxUserConfiguration.gid",
        "userAccounts.linuxUserConfiguration.sshPrivateKey",
        "userAccounts.linuxUserConfiguration.uid",
        "userAccounts.name",
        "userAccounts.password",
        "vmSize",
      ].map((path) => `properties.${path}`),
    ],
    kept: [
      "applicationLicenses",
      "deploymentConfiguration.cloudServiceConfiguration",
      `${MACHINE}.containerConfiguration.type`,
      `${MACHINE}.dataDisks.caching`,
      `${MACHINE}.dataDisks.diskSizeGB`,
      `${MACHINE}.dataDisks.lun`,
      `${MACHINE}.dataDisks.managedDisk.securityProfile.securityEncryptionType`,
      `${MACHINE}.dataDisks.managedDisk.storageAccountType`,
      `${MACHINE}.dataDisks.storageAccountType`,
      `${MACHINE}.diskEncryptionConfiguration.targets`,
      `${MACHINE}.imageReference.communityGalleryImageId`,
      `${MACHINE}.imageReference.id`,
      `${MACHINE}.imageReference.sharedGalleryImageId`,
      `${MACHINE}.licenseType`,
      `${MACHINE}.nodePlacementConfiguration.policy`,
      `${MACHINE}.osDisk.caching`,
      `${MACHINE}.osDisk.diskSizeGB`,
      `${MACHINE}.osDisk.ephemeralOSDiskSettings.placement`,
      `${MACHINE}.osDisk.managedDisk.securityProfile.securityEncryptionType`,
      `${MACHINE}.osDisk.managedDisk.storageAccountType`,
      `${MACHINE}.osDisk.writeAcceleratorEnabled`,
      `${MACHINE}.securityProfile.encryptionAtHost`,
      `${MACHINE}.securityProfile.securityType`,
      `${MACHINE}.securityProfile.uefiSettings`,
      `${MACHINE}.serviceArtifactReference.id`,
      `${MACHINE}.windowsConfiguration.enableAutomaticUpdates`,
      "displayName",
      "metadata.name",
      "metadata.value",
      "networkConfiguration.dynamicVNetAssignmentScope",
      "networkConfiguration.dynamicVnetAssignmentScope",
      "networkConfiguration.enableAcceleratedNetworking",
      "networkConfiguration.endpointConfiguration",
      "networkConfiguration.publicIPAddressConfiguration.ipAddressIds",
      "networkConfiguration.publicIPAddressConfiguration.ipTags",
      "networkConfiguration.publicIPAddressConfiguration.provision",
      "networkConfiguration.publicIPs",
      "networkConfiguration.subnetId",
      "resourceTags",
      "targetNodeCommunicationMode",
      "upgradePolicy",
      "userAccounts.windowsUserConfiguration.loginMode",
    ].map((path) => `properties.${path}`),
    refused: [
      `${MACHINE}.dataDisks.managedDisk.diskEncryptionSet`,
      `${MACHINE}.dataDisks.managedDisk.securityProfile.diskEncryptionSet`,
      `${MACHINE}.diskEncryptionConfiguration.customerManagedKey`,
      `${MACHINE}.extensions`,
      `${MACHINE}.osDisk.managedDisk.diskEncryptionSet`,
      `${MACHINE}.osDisk.managedDisk.securityProfile.diskEncryptionSet`,
      `${MACHINE}.securityProfile.proxyAgentSettings`,
      "networkConfiguration.publicIPAddressConfiguration.ipFamilies",
    ].map((path) => `properties.${path}`),
  },
};
