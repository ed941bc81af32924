/**
 * What the service shows where a request left a property out, by model; a property that an api-version does not know is not shown in it.
 * A member of its own model is given as an empty object and filled by that model's row. Source: API descriptions ("The default value is …")
 * and replies of the service.
 */

/** 2^63 - 1 ticks of 100 ns: no limit. */
const UNLIMITED = "P10675199DT2H48M5.4775807S";
const USER = { autoUser: {} };

export interface ShownDefault {
  readonly value: unknown;
  /** Only where the object has this other property. */
  readonly beside?: string;
}

const always = (values: Readonly<Record<string, unknown>>): Readonly<Record<string, ShownDefault>> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }]));

const POOL = {
  enableAutoScale: false,
  enableInterNodeCommunication: false,
  taskSchedulingPolicy: {},
};
const JOB = {
  priority: 0,
  maxParallelTasks: -1,
  allowTaskPreemption: false,
  usesTaskDependencies: false,
  onAllTasksComplete: "noaction",
  onTaskFailure: "noaction",
  constraints: {},
};

export const SHOWN_DEFAULTS: Readonly<Record<string, Readonly<Record<string, ShownDefault>>>> = {
  AutoPoolSpecification: always({ keepAlive: false }),
  AutoUserSpecification: always({ scope: "pool", elevationLevel: "nonadmin" }),
  CloudJob: always(JOB),
  CloudPool: always({ ...POOL, certificateReferences: [], targetNodeCommunicationMode: "default" }),
  CloudTask: always({ constraints: {}, requiredSlots: 1, userIdentity: USER }),
  DataDisk: always({ caching: "readwrite", storageAccountType: "standard_lrs" }),
  ImageReference: { version: { value: "latest", beside: "publisher" } },
  JobConstraints: always({ maxWallClockTime: UNLIMITED, maxTaskRetryCount: 0 }),
  JobManagerTask: always({
    constraints: {},
    requiredSlots: 1,
    killJobOnCompletion: true,
    userIdentity: USER,
    runExclusive: true,
    allowLowPriorityNode: true,
  }),
  JobPreparationTask: always({
    id: "jobpreparation",
    constraints: {},
    userIdentity: USER,
    waitForSuccess: true,
    rerunOnNodeRebootAfterSuccess: true,
  }),
  JobReleaseTask: always({
    id: "jobrelease",
    maxWallClockTime: "PT15M",
    retentionTime: "P7D",
    userIdentity: USER,
  }),
  JobSpecification: always(JOB),
  NetworkConfiguration: always({ dynamicVNetAssignmentScope: "none" }),
  NetworkSecurityGroupRule: always({ sourcePortRanges: ["*"] }),
  OSDisk: always({ ephemeralOSDiskSettings: {} }),
  PoolSpecification: always({
    ...POOL,
    taskSlotsPerNode: 1,
    maxTasksPerNode: 1,
    targetDedicatedNodes: 0,
    targetLowPriorityNodes: 0,
    resizeTimeout: "PT15M",
    targetNodeCommunicationMode: "default",
  }),
  StartTask: always({ userIdentity: USER, maxTaskRetryCount: 0, waitForSuccess: true }),
  TaskConstraints: always({ maxWallClockTime: UNLIMITED, retentionTime: "P7D", maxTaskRetryCount: 0 }),
  TaskCounts: always({ validationStatus: "validated" }),
  TaskSchedulingPolicy: always({ nodeFillType: "spread", jobDefaultOrder: "none" }),
};
