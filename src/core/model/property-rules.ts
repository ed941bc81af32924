/**
 * Rules that the descriptions state in words, by `Model.property`. The figures come from `wire/batch/limits.ts`; types, enums and
 * requirements from the generated table. A rule sees only values of the right type, and never another property.
 */
import {
  AUTO_POOL_ID_PREFIX_MAX_CHARACTERS,
  AUTOSCALE_INTERVAL_MAX,
  AUTOSCALE_INTERVAL_MIN,
  COMMAND_LINE_MAX_CHARACTERS,
  DATA_DISK_LUN_MAX,
  DISPLAY_NAME_MAX_CHARACTERS,
  ID_MAX_CHARACTERS,
  ID_PATTERN,
  INBOUND_NAT_POOL_NAME_MAX_CHARACTERS,
  JOB_PRIORITY_MAX,
  JOB_PRIORITY_MIN,
  MAX_PARALLEL_TASKS_UNLIMITED,
  NODE_USER_NAME_PATTERN,
  NODE_USER_PASSWORD_MAX_CHARACTERS,
  REMOVE_NODES_MAX,
  RESIZE_TIMEOUT_MIN,
  SCHEDULE_INTERVAL_MIN,
  TASK_RETRY_COUNT_MIN,
  TASK_SLOTS_PER_NODE_MAX,
} from "../../wire/batch/limits.ts";
import type {
  ApplicationPackageReference,
  ComputeNodeIdentityReference,
  InboundNATPool,
  LinuxUserConfiguration,
  MountConfiguration,
  OutputFile,
  ResourceFile,
  UserAccount,
  UserIdentity,
} from "../../wire/batch/models-types.gen.ts";
import { packageReferencesProblem } from "../applications/package-reference-check.ts";
import { parseRunOptions } from "../containers/run-options.ts";
import { RunOptionsProblem } from "../containers/run-options-problem.ts";
import { sshPublicKeyRead } from "../login/ssh-public-key.ts";
import { mountsProblem } from "../mounts/mount-check.ts";
import { natPoolsProblem } from "../pools/nat-pools-check.ts";
import { identityReferenceProblem } from "../transfer/identity-reference-check.ts";
import { outputFilesProblem } from "../transfer/output-file-check.ts";
import { isHttpUrl, resourceFilesProblem } from "../transfer/resource-file-check.ts";
import {
  linuxUserProblem,
  userAccountsProblem,
  userIdentityProblem,
  userNameProblem,
} from "../users/user-account-check.ts";
import { millisecondsToDuration, parseDuration } from "./iso-duration.ts";
import { PropertyProblem, type PropertyProblemCode } from "./property-problem.ts";

export type PropertyRule = (value: unknown) => PropertyProblem | null;

const rule =
  <T>(
    reason: string,
    holds: (value: T) => boolean,
    code: PropertyProblemCode = "InvalidPropertyValue",
  ): PropertyRule =>
  (value) =>
    holds(value as T) ? null : new PropertyProblem(code, reason, value);

const NUL = "\0";

const atMost = (characters: number): PropertyRule =>
  rule<string>(`may have at most ${characters} characters`, (text) => text.length <= characters);

const between = (low: number, high: number): PropertyRule =>
  rule<number>(`must be between ${low} and ${high}`, (number) => number >= low && number <= high);

const atLeast = (low: number): PropertyRule =>
  rule<number>(`must be at least ${low}`, (number) => number >= low);

const fewerThan = (count: number): PropertyRule =>
  rule<readonly unknown[]>(`may have at most ${count} entries`, (list) => list.length <= count);

const lasting = (low: number, high = Infinity): PropertyRule =>
  rule<string>(
    high === Infinity
      ? `must be at least ${millisecondsToDuration(low)}`
      : `must be between ${millisecondsToDuration(low)} and ${millisecondsToDuration(high)}`,
    (text) => {
      const length = parseDuration(text) ?? Number.NaN;
      return length >= low && length <= high;
    },
  );

const natPools: PropertyRule = (value) => natPoolsProblem(value as readonly InboundNATPool[]);

const positiveDuration = rule<string>(
  "must be longer than nothing",
  (text) => (parseDuration(text) ?? 0) > 0,
);

const id = rule<string>(
  `must have 1 to ${ID_MAX_CHARACTERS} characters: letters, digits, hyphens and underscores`,
  (text) => ID_PATTERN.test(text),
);

const COMMAND_LINE = `must not be empty, nor contain a NUL, nor have more than ${COMMAND_LINE_MAX_CHARACTERS} characters`;

const commandLine = rule<string>(
  COMMAND_LINE,
  (text) => text.trim() !== "" && text.length <= COMMAND_LINE_MAX_CHARACTERS && !text.includes(NUL),
);

/** It may be empty where there is a container: see `object-rules.ts`. */
const taskCommandLine = rule<string>(
  COMMAND_LINE,
  (text) => text.length <= COMMAND_LINE_MAX_CHARACTERS && !text.includes(NUL),
);

const notEmpty = rule<string>("must not be empty", (text) => text !== "");

/** The value stays out of the error. */
const password: PropertyRule = (value) =>
  /^[^\0]+$/.test(value as string) && (value as string).length <= NODE_USER_PASSWORD_MAX_CHARACTERS
    ? null
    : new PropertyProblem(
        "InvalidPropertyValue",
        `must have 1 to ${NODE_USER_PASSWORD_MAX_CHARACTERS} characters, none of them a NUL`,
        "(not shown)",
      );

const sshPublicKey = rule<string>(
  "must be one public key as OpenSSH writes it: algorithm and base64, of Ed25519, ECDSA or RSA",
  (text) => sshPublicKeyRead(text) !== undefined,
);

const parallelTasks = rule<number>(
  "must be -1 or greater than 0",
  (count) => count > 0 || count === MAX_PARALLEL_TASKS_UNLIMITED,
);

const resourceFiles: PropertyRule = (value) => resourceFilesProblem(value as readonly ResourceFile[]);

const outputFiles: PropertyRule = (value) => outputFilesProblem(value as readonly OutputFile[]);

const httpUrl = rule<string>("must be an http or https URL", isHttpUrl);

const identityReference: PropertyRule = (value) =>
  identityReferenceProblem(value as ComputeNodeIdentityReference);

const runOptions: PropertyRule = (value) => {
  try {
    parseRunOptions(value as string);
    return null;
  } catch (error) {
    if (!(error instanceof RunOptionsProblem)) throw error;
    return new PropertyProblem("InvalidPropertyValue", error.message, value);
  }
};

const mounts: PropertyRule = (value) => mountsProblem(value as readonly MountConfiguration[]);

const packageReferences: PropertyRule = (value) =>
  packageReferencesProblem(value as readonly ApplicationPackageReference[]);

const TASKS_WITH_IDS = ["TaskAddParameter", "JobManagerTask", "JobPreparationTask", "JobReleaseTask"];
export const TASKS = [...TASKS_WITH_IDS, "StartTask"];
const ADDED = ["PoolAddParameter", "JobAddParameter", "JobScheduleAddParameter"];
const NEW_POOLS = ["PoolAddParameter", "PoolSpecification"];
const POOLS = [...NEW_POOLS, "PoolPatchParameter"];
const NODE_USERS = ["ComputeNodeUser", "NodeUpdateUserParameter"];
const JOBS = ["JobAddParameter", "JobPatchParameter", "JobUpdateParameter", "JobSpecification"];

const each = (models: readonly string[], property: string, applied: PropertyRule): [string, PropertyRule][] =>
  models.map((model) => [`${model}.${property}`, applied]);

const rules: ReadonlyMap<string, PropertyRule> = new Map([
  ...each([...ADDED, ...TASKS_WITH_IDS], "id", id),
  ...each(
    [...ADDED, ...POOLS, "JobSpecification", "TaskAddParameter", "JobManagerTask"],
    "displayName",
    atMost(DISPLAY_NAME_MAX_CHARACTERS),
  ),
  ...each(TASKS, "commandLine", taskCommandLine),
  ...each(["MultiInstanceSettings"], "coordinationCommandLine", commandLine),
  ...each(["MultiInstanceSettings"], "numberOfInstances", atLeast(1)),

  ...each(TASKS, "resourceFiles", resourceFiles),
  ...each(["TaskAddParameter", "JobManagerTask"], "outputFiles", outputFiles),

  ...each(
    [...POOLS, "PoolUpdatePropertiesParameter", "TaskAddParameter", "JobManagerTask"],
    "applicationPackageReferences",
    packageReferences,
  ),

  ...each(["UploadBatchServiceLogsConfiguration"], "containerUrl", httpUrl),
  ...each(["UploadBatchServiceLogsConfiguration"], "identityReference", identityReference),

  ...each(["TaskContainerSettings"], "containerRunOptions", runOptions),
  ...each(["TaskContainerSettings"], "imageName", notEmpty),

  ...each(
    ["EnvironmentSetting"],
    "name",
    rule<string>("must not be empty, nor contain '=' or a NUL", (name) => /^[^=\0]+$/.test(name)),
  ),
  ...each(
    ["EnvironmentSetting"],
    "value",
    rule<string>("must not contain a NUL", (text) => !text.includes(NUL)),
  ),
  ...each(
    ["MetadataItem"],
    "name",
    rule<string>("must not be empty", (name) => name !== "", "EmptyMetadataKey"),
  ),

  ...each(JOBS, "priority", between(JOB_PRIORITY_MIN, JOB_PRIORITY_MAX)),
  ...each(JOBS, "maxParallelTasks", parallelTasks),
  ...each(
    ["TaskConstraints", "JobConstraints", "StartTask"],
    "maxTaskRetryCount",
    atLeast(TASK_RETRY_COUNT_MIN),
  ),
  ...each(["TaskConstraints", "JobConstraints", "JobReleaseTask"], "maxWallClockTime", positiveDuration),
  ...each(["TaskConstraints", "JobReleaseTask"], "retentionTime", lasting(0)),
  ...each(["TaskAddParameter", "JobManagerTask"], "requiredSlots", between(1, TASK_SLOTS_PER_NODE_MAX)),
  ...each(["TaskIdRange"], "start", atLeast(0)),
  ...each(["TaskIdRange"], "end", atLeast(0)),

  ...each(POOLS, "taskSlotsPerNode", between(1, TASK_SLOTS_PER_NODE_MAX)),
  ...each(NEW_POOLS, "maxTasksPerNode", between(1, TASK_SLOTS_PER_NODE_MAX)),
  ...each(POOLS, "mountConfiguration", mounts),
  ...each(POOLS, "vmSize", notEmpty),
  ...each([...NEW_POOLS, "PoolResizeParameter"], "targetDedicatedNodes", atLeast(0)),
  ...each([...NEW_POOLS, "PoolResizeParameter"], "targetLowPriorityNodes", atLeast(0)),
  ...each(
    [...NEW_POOLS, "PoolResizeParameter", "NodeRemoveParameter"],
    "resizeTimeout",
    lasting(RESIZE_TIMEOUT_MIN),
  ),
  ...each(
    [...NEW_POOLS, "PoolEnableAutoScaleParameter"],
    "autoScaleEvaluationInterval",
    lasting(AUTOSCALE_INTERVAL_MIN, AUTOSCALE_INTERVAL_MAX),
  ),
  ...each(["AutoPoolSpecification"], "autoPoolIdPrefix", atMost(AUTO_POOL_ID_PREFIX_MAX_CHARACTERS)),
  ...each(["PoolInformation"], "poolId", id),
  ...each(["PoolEndpointConfiguration"], "inboundNATPools", natPools),
  ...each(["NodeRemoveParameter"], "nodeList", fewerThan(REMOVE_NODES_MAX)),
  ...each(["InboundNATPool"], "name", atMost(INBOUND_NAT_POOL_NAME_MAX_CHARACTERS)),
  ...each(["InboundNATPool"], "backendPort", between(1, 65_535)),
  ...each(["InboundNATPool"], "frontendPortRangeStart", between(1, 65_534)),
  ...each(["InboundNATPool"], "frontendPortRangeEnd", between(1, 65_534)),
  ...each(["NetworkSecurityGroupRule"], "priority", between(150, 4096)),
  ...each(["DataDisk"], "lun", between(0, DATA_DISK_LUN_MAX)),
  ...each(["DataDisk"], "diskSizeGB", atLeast(1)),
  ...each(
    ["ComputeNodeUser"],
    "name",
    rule<string>(
      "must have 1 to 32 characters: letters, digits, underscores, hyphens and dots, a letter or an underscore first",
      (name) => NODE_USER_NAME_PATTERN.test(name),
    ),
  ),
  ...each(NODE_USERS, "password", password),
  ...each(NODE_USERS, "sshPublicKey", sshPublicKey),
  ...each(["UserAccount"], "name", (name) => userNameProblem(name as string)),
  ...each(["UserAccount"], "password", password),
  ...each(["UserAccount"], "linuxUserConfiguration", (given) =>
    linuxUserProblem(given as LinuxUserConfiguration),
  ),
  ...each(POOLS, "userAccounts", (list) => userAccountsProblem(list as readonly UserAccount[])),
  ...each(TASKS, "userIdentity", (given) => userIdentityProblem(given as UserIdentity)),
  ...each(["UserIdentity"], "username", notEmpty),

  ...each(["Schedule"], "recurrenceInterval", lasting(SCHEDULE_INTERVAL_MIN)),
  ...each(["Schedule"], "startWindow", lasting(SCHEDULE_INTERVAL_MIN)),
]);

export const propertyRule = (model: string, property: string): PropertyRule | undefined =>
  rules.get(`${model}.${property}`);

/** For the guard that every rule names a property that exists. */
export const ruledProperties = (): Iterable<string> => rules.keys();
