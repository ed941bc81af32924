/**
 * What comes of each property that a request may hold: it is acted on; kept and shown by choice (nodes are parts of this machine, so disks,
 * images, networks and the like say nothing to them); or refused by its name as unbuilt. What is given by the service alone the generated
 * table marks as read-only. A guard fails for a property that stands on none of the lists, or on two.
 */
export interface PropertyEffects {
  readonly acts?: string;
  readonly keeps?: string;
  /** With all that lies below it. */
  readonly refuses?: string;
}

/** By model; names are separated by blanks. */
export const PROPERTY_EFFECTS: Readonly<Record<string, PropertyEffects>> = {
  AffinityInformation: { acts: "affinityId" },
  ApplicationPackageReference: { acts: "applicationId version" },
  AuthenticationTokenSettings: { acts: "access" },
  AzureBlobFileSystemConfiguration: {
    acts: "accountName containerName accountKey sasKey blobfuseOptions relativeMountPath identityReference",
  },
  AzureFileShareConfiguration: {
    acts: "accountName azureFileUrl accountKey relativeMountPath mountOptions",
  },
  CIFSMountConfiguration: { acts: "username source relativeMountPath mountOptions password" },
  AutoPoolSpecification: { acts: "autoPoolIdPrefix poolLifetimeOption keepAlive pool" },
  AutoUserSpecification: { acts: "scope elevationLevel" },
  AutomaticOSUpgradePolicy: {
    keeps:
      "disableAutomaticRollback enableAutomaticOSUpgrade useRollingUpgradePolicy osRollingUpgradeDeferral",
  },
  CertificateAddParameter: { acts: "thumbprint thumbprintAlgorithm data certificateFormat password" },
  CertificateReference: {
    acts: "thumbprint thumbprintAlgorithm visibility",
    keeps: "storeLocation storeName",
  },
  CloudServiceConfiguration: { keeps: "osFamily osVersion currentOSVersion targetOSVersion" },
  ComputeNodeIdentityReference: { acts: "resourceId" },
  ComputeNodeUser: { acts: "name isAdmin expiryTime password sshPublicKey" },
  ContainerConfiguration: { acts: "containerImageNames containerRegistries", keeps: "type" },
  ContainerHostBatchBindMountEntry: { acts: "source isReadOnly" },
  ContainerRegistry: { acts: "registryServer username password identityReference" },
  DataDisk: { keeps: "lun caching diskSizeGB storageAccountType managedDisk" },
  DiffDiskSettings: { keeps: "placement" },
  DiskEncryptionConfiguration: { keeps: "targets", refuses: "customerManagedKey" },
  EnvironmentSetting: { acts: "name value" },
  ExitCodeMapping: { acts: "code exitOptions" },
  ExitCodeRangeMapping: { acts: "start end exitOptions" },
  ExitConditions: {
    acts: "exitCodes exitCodeRanges preProcessingError fileUploadError default schedulingError",
  },
  ExitOptions: { acts: "jobAction dependencyAction" },
  HostEndpointSettings: { acts: "mode", refuses: "inVMAccessControlProfileReferenceId" },
  HttpHeader: { acts: "name value" },
  IPTag: { keeps: "ipTagType tag" },
  ImageReference: {
    acts: "publisher offer sku version",
    keeps: "virtualMachineImageId sharedGalleryImageId communityGalleryImageId",
  },
  InboundNATPool: {
    acts: "name protocol backendPort frontendPortRangeStart frontendPortRangeEnd networkSecurityGroupRules",
  },
  JobAddParameter: {
    acts: "id priority constraints jobManagerTask jobPreparationTask jobReleaseTask commonEnvironmentSettings poolInfo onAllTasksComplete onTaskFailure usesTaskDependencies maxParallelTasks allowTaskPreemption",
    keeps: "displayName metadata networkConfiguration",
  },
  JobConstraints: { acts: "maxWallClockTime maxTaskRetryCount" },
  JobDisableParameter: { acts: "disableTasks" },
  JobManagerTask: {
    acts: "id commandLine resourceFiles outputFiles environmentSettings constraints killJobOnCompletion userIdentity runExclusive applicationPackageReferences authenticationTokenSettings allowLowPriorityNode requiredSlots containerSettings",
    keeps: "displayName",
  },
  JobNetworkConfiguration: { keeps: "subnetId skipWithdrawFromVNet" },
  JobPatchParameter: {
    acts: "priority onAllTasksComplete constraints poolInfo maxParallelTasks allowTaskPreemption",
    keeps: "metadata networkConfiguration",
  },
  JobPreparationTask: {
    acts: "id commandLine resourceFiles environmentSettings constraints waitForSuccess userIdentity rerunOnNodeRebootAfterSuccess containerSettings",
  },
  JobReleaseTask: {
    acts: "id commandLine resourceFiles environmentSettings maxWallClockTime userIdentity containerSettings",
    keeps: "retentionTime",
  },
  JobScheduleAddParameter: { acts: "id schedule jobSpecification", keeps: "displayName metadata" },
  JobSchedulePatchParameter: { acts: "schedule jobSpecification", keeps: "metadata" },
  JobScheduleUpdateParameter: { acts: "schedule jobSpecification", keeps: "metadata" },
  JobSpecification: {
    acts: "priority usesTaskDependencies onAllTasksComplete onTaskFailure constraints jobManagerTask jobPreparationTask jobReleaseTask commonEnvironmentSettings poolInfo allowTaskPreemption maxParallelTasks",
    keeps: "displayName networkConfiguration metadata",
  },
  JobTerminateParameter: { acts: "terminateReason" },
  JobUpdateParameter: {
    acts: "priority constraints poolInfo onAllTasksComplete maxParallelTasks allowTaskPreemption",
    keeps: "metadata",
  },
  LinuxUserConfiguration: { acts: "uid gid sshPrivateKey" },
  ManagedDisk: { keeps: "storageAccountType securityProfile", refuses: "diskEncryptionSet" },
  MetadataItem: { keeps: "name value" },
  NetworkConfiguration: {
    keeps:
      "subnetId dynamicVNetAssignmentScope endpointConfiguration publicIPs publicIPAddressConfiguration enableAcceleratedNetworking",
  },
  NetworkSecurityGroupRule: { acts: "priority access sourceAddressPrefix sourcePortRanges" },
  NodeDeallocateParameter: { acts: "nodeDeallocateOption" },
  NodeDisableSchedulingParameter: { acts: "nodeDisableSchedulingOption" },
  NodePlacementConfiguration: { keeps: "policy" },
  NodeRebootParameter: { acts: "nodeRebootOption" },
  MountConfiguration: {
    acts: "azureBlobFileSystemConfiguration nfsMountConfiguration cifsMountConfiguration azureFileShareConfiguration",
  },
  NFSMountConfiguration: { acts: "source relativeMountPath mountOptions" },
  NodeReimageParameter: { acts: "nodeReimageOption" },
  NodeRemoveParameter: { acts: "nodeList resizeTimeout nodeDeallocationOption" },
  NodeUpdateUserParameter: { acts: "password expiryTime sshPublicKey" },
  OSDisk: {
    keeps: "ephemeralOSDiskSettings caching managedDisk diskSizeGB writeAcceleratorEnabled",
    refuses: "imageUris",
  },
  OutputFileBlobContainerDestination: { acts: "path containerUrl identityReference uploadHeaders" },
  OutputFileDestination: { acts: "container" },
  OutputFileUploadOptions: { acts: "uploadCondition" },
  OutputFile: { acts: "filePattern destination uploadOptions" },
  PoolAddParameter: {
    acts: "id vmSize virtualMachineConfiguration resizeTimeout targetDedicatedNodes targetLowPriorityNodes enableAutoScale autoScaleFormula autoScaleEvaluationInterval startTask certificateReferences applicationPackageReferences maxTasksPerNode taskSchedulingPolicy userAccounts taskSlotsPerNode resourceTags targetDedicated enableInterNodeCommunication mountConfiguration",
    keeps:
      "displayName cloudServiceConfiguration networkConfiguration applicationLicenses metadata targetNodeCommunicationMode upgradePolicy",
    refuses: "vmSkuProfile",
  },
  PoolEnableAutoScaleParameter: { acts: "autoScaleFormula autoScaleEvaluationInterval" },
  PoolEndpointConfiguration: { acts: "inboundNATPools" },
  PoolEvaluateAutoScaleParameter: { acts: "autoScaleFormula" },
  PoolInformation: { acts: "poolId autoPoolSpecification" },
  PoolPatchParameter: {
    acts: "startTask certificateReferences applicationPackageReferences vmSize taskSlotsPerNode taskSchedulingPolicy virtualMachineConfiguration userAccounts resourceTags enableInterNodeCommunication mountConfiguration",
    keeps: "metadata targetNodeCommunicationMode displayName networkConfiguration upgradePolicy",
    refuses: "vmSkuProfile",
  },
  PoolResizeParameter: {
    acts: "targetDedicatedNodes targetLowPriorityNodes resizeTimeout nodeDeallocationOption targetDedicated",
  },
  PoolSpecification: {
    acts: "vmSize virtualMachineConfiguration maxTasksPerNode taskSchedulingPolicy resizeTimeout targetDedicatedNodes targetLowPriorityNodes enableAutoScale autoScaleFormula autoScaleEvaluationInterval startTask certificateReferences applicationPackageReferences userAccounts taskSlotsPerNode resourceTags targetDedicated enableInterNodeCommunication mountConfiguration",
    keeps:
      "displayName cloudServiceConfiguration networkConfiguration applicationLicenses metadata targetNodeCommunicationMode upgradePolicy",
  },
  PoolUpdatePropertiesParameter: {
    acts: "startTask certificateReferences applicationPackageReferences",
    keeps: "metadata targetNodeCommunicationMode",
  },
  ProxyAgentSettings: { acts: "enabled imds wireServer" },
  PublicIPAddressConfiguration: { acts: "provision ipFamilies", keeps: "ipAddressIds ipTags" },
  ResourceFile: {
    acts: "autoStorageContainerName storageContainerUrl httpUrl blobPrefix filePath fileMode identityReference blobSource",
  },
  RollingUpgradePolicy: {
    keeps:
      "enableCrossZoneUpgrade maxBatchInstancePercent maxUnhealthyInstancePercent maxUnhealthyUpgradedInstancePercent pauseTimeBetweenBatches prioritizeUnhealthyInstances rollbackFailedInstancesOnPolicyBreach",
  },
  Schedule: { acts: "doNotRunUntil doNotRunAfter startWindow recurrenceInterval" },
  SecurityProfile: { acts: "proxyAgentSettings", keeps: "securityType encryptionAtHost uefiSettings" },
  ServiceArtifactReference: { keeps: "id" },
  StartTask: {
    acts: "commandLine resourceFiles environmentSettings userIdentity maxTaskRetryCount waitForSuccess containerSettings",
  },
  TaskAddCollectionParameter: { acts: "value" },
  TaskAddParameter: {
    acts: "id commandLine exitConditions resourceFiles outputFiles environmentSettings affinityInfo constraints userIdentity dependsOn applicationPackageReferences authenticationTokenSettings requiredSlots containerSettings",
    keeps: "displayName",
    refuses: "multiInstanceSettings",
  },
  TaskConstraints: { acts: "maxWallClockTime retentionTime maxTaskRetryCount" },
  TaskContainerSettings: {
    acts: "imageName workingDirectory containerRunOptions containerHostBatchBindMounts registry",
  },
  TaskDependencies: { acts: "taskIds taskIdRanges" },
  TaskIdRange: { acts: "start end" },
  TaskSchedulingPolicy: { acts: "nodeFillType jobDefaultOrder" },
  TaskUpdateParameter: { acts: "constraints" },
  UefiSettings: { keeps: "secureBootEnabled vTpmEnabled" },
  UpgradePolicy: { keeps: "mode automaticOSUpgradePolicy rollingUpgradePolicy" },
  UploadBatchServiceLogsConfiguration: { acts: "containerUrl startTime endTime identityReference" },
  UserAccount: {
    acts: "name password elevationLevel linuxUserConfiguration windowsUserConfiguration",
    refuses: "sshPrivateKey",
  },
  UserIdentity: { acts: "username autoUser" },
  VMDiskSecurityProfile: { keeps: "securityEncryptionType" },
  VMExtension: {
    acts: "name publisher type settings",
    keeps:
      "typeHandlerVersion autoUpgradeMinorVersion protectedSettings provisionAfterExtensions enableAutomaticUpgrade",
  },
  VirtualMachineConfiguration: {
    acts: "imageReference nodeAgentSKUId containerConfiguration",
    keeps:
      "windowsConfiguration dataDisks licenseType diskEncryptionConfiguration nodePlacementConfiguration extensions osDisk securityProfile serviceArtifactReference",
    refuses: "hardwareProfile placement resiliencyPolicy",
  },
  WindowsConfiguration: { keeps: "enableAutomaticUpdates" },
  WindowsUserConfiguration: { acts: "loginMode" },
};
