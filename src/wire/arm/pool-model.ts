/**
 * In what a pool of management differs from the data plane's: where a property stands, its name, the spelling of words, and when it came.
 * All else is the same in both. Source: the API descriptions "BatchManagement" and "BatchService" beside each other.
 */

/** The data plane's api-version that knows the same pools. */
export const DATA_PLANE_VERSION: Readonly<Record<string, string>> = {
  "2017-09-01": "2018-08-01.7.0",
  "2018-12-01": "2018-12-01.8.0",
  "2019-04-01": "2019-06-01.9.0",
  "2019-08-01": "2019-08-01.10.0",
  "2020-03-01": "2020-03-01.11.0",
  "2020-05-01": "2020-03-01.11.0",
  "2020-09-01": "2020-09-01.12.0",
  "2021-01-01": "2021-06-01.14.0",
  "2021-06-01": "2021-06-01.14.0",
  "2022-01-01": "2022-01-01.15.0",
  "2022-06-01": "2022-01-01.15.0",
  "2022-10-01": "2022-10-01.16.0",
  "2023-05-01": "2023-05-01.17.0",
  "2023-11-01": "2023-11-01.18.0",
  "2024-02-01": "2024-02-01.19.0",
  "2024-07-01": "2024-07-01.20.0",
  "2025-06-01": "2025-06-01",
};

/** Pools have identities since. */
export const POOL_IDENTITY_SINCE = "2021-01-01";

/** Below `properties`, by the data plane's name. */
export const POOL_PROPERTY_PATHS: Readonly<Record<string, string>> = {
  displayName: "displayName",
  vmSize: "vmSize",
  cloudServiceConfiguration: "deploymentConfiguration.cloudServiceConfiguration",
  virtualMachineConfiguration: "deploymentConfiguration.virtualMachineConfiguration",
  resizeTimeout: "scaleSettings.fixedScale.resizeTimeout",
  targetDedicatedNodes: "scaleSettings.fixedScale.targetDedicatedNodes",
  targetLowPriorityNodes: "scaleSettings.fixedScale.targetLowPriorityNodes",
  autoScaleFormula: "scaleSettings.autoScale.formula",
  autoScaleEvaluationInterval: "scaleSettings.autoScale.evaluationInterval",
  enableInterNodeCommunication: "interNodeCommunication",
  networkConfiguration: "networkConfiguration",
  startTask: "startTask",
  certificateReferences: "certificates",
  applicationPackageReferences: "applicationPackages",
  applicationLicenses: "applicationLicenses",
  maxTasksPerNode: "maxTasksPerNode",
  taskSlotsPerNode: "taskSlotsPerNode",
  taskSchedulingPolicy: "taskSchedulingPolicy",
  userAccounts: "userAccounts",
  metadata: "metadata",
  mountConfiguration: "mountConfiguration",
  targetNodeCommunicationMode: "targetNodeCommunicationMode",
  upgradePolicy: "upgradePolicy",
  resourceTags: "resourceTags",
};

/** Objects that hold others of these paths. */
export const POOL_PROPERTY_GROUPS: ReadonlySet<string> = new Set([
  "deploymentConfiguration",
  "scaleSettings",
  "scaleSettings.fixedScale",
  "scaleSettings.autoScale",
]);

/** Given by the service; clients send them back, and nobody reads them. */
export const POOL_READ_ONLY: ReadonlySet<string> = new Set([
  "lastModified",
  "creationTime",
  "provisioningState",
  "provisioningStateTransitionTime",
  "allocationState",
  "allocationStateTransitionTime",
  "currentDedicatedNodes",
  "currentLowPriorityNodes",
  "autoScaleRun",
  "resizeOperationStatus",
  "currentNodeCommunicationMode",
]);

/** By the data plane's `Model.property`. */
export const RENAMED_PROPERTIES: Readonly<Record<string, string>> = {
  "ApplicationPackageReference.applicationId": "id",
  "CIFSMountConfiguration.username": "userName",
  "ImageReference.virtualMachineImageId": "id",
  "NetworkConfiguration.dynamicVNetAssignmentScope": "dynamicVnetAssignmentScope",
  "PoolEndpointConfiguration.inboundNATPools": "inboundNatPools",
  "UserIdentity.username": "userName",
  "VirtualMachineConfiguration.nodeAgentSKUId": "nodeAgentSkuId",
};

/** By the data plane's `Model.property`: the api-version of management that brought it, where it came later there or never. */
export const LATER_PROPERTIES: Readonly<Record<string, string>> = {
  "AzureBlobFileSystemConfiguration.identityReference": "2021-06-01",
  "ContainerRegistry.identityReference": "2021-06-01",
  "ImageReference.exactVersion": "never",
  "NetworkConfiguration.dynamicVNetAssignmentScope": "2022-01-01",
  "NetworkSecurityGroupRule.sourcePortRanges": "2019-08-01",
  "ResourceFile.identityReference": "2021-06-01",
  "StartTask.containerSettings": "2018-12-01",
  "TaskContainerSettings.containerHostBatchBindMounts": "2024-07-01",
  "TaskContainerSettings.workingDirectory": "2019-08-01",
  "VirtualMachineConfiguration.containerConfiguration": "2018-12-01",
  "VirtualMachineConfiguration.osDisk": "2021-06-01",
};

/** What one older version had already, and those after it had not. */
export const EARLIER_PROPERTIES: Readonly<Record<string, string>> = {
  "VirtualMachineConfiguration.osDisk": "2017-09-01",
};

/** By the data plane's enum; where nothing stands both spell alike. */
export const MANAGEMENT_WORDS: Readonly<Record<string, string>> = {
  AllocationState: "Steady Resizing Stopping",
  AutoUserScope: "Task Pool",
  CachingType: "None ReadOnly ReadWrite",
  CertificateFormat: "Pfx Cer",
  CertificateStoreLocation: "CurrentUser LocalMachine",
  CertificateVisibility: "StartTask Task RemoteUser",
  ComputeNodeDeallocationOption: "Requeue Terminate TaskCompletion RetainedData",
  ComputeNodeFillType: "Spread Pack",
  ContainerType: "DockerCompatible CriCompatible",
  ContainerWorkingDirectory: "TaskWorkingDirectory ContainerImageDefault",
  DiskEncryptionTarget: "OsDisk TemporaryDisk",
  ElevationLevel: "NonAdmin Admin",
  IPAddressProvisioningType: "BatchManaged UserManaged NoPublicIPAddresses",
  InboundEndpointProtocol: "TCP UDP",
  BatchJobDefaultOrder: "None CreationTime",
  LoginMode: "Batch Interactive",
  NetworkSecurityGroupRuleAccess: "Allow Deny",
  NodeCommunicationMode: "Default Classic Simplified",
  NodePlacementPolicyType: "Regional Zonal",
  StorageAccountType: "Standard_LRS Premium_LRS StandardSSD_LRS",
};
