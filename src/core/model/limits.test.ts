/** Each limit of `wire/batch/limits.ts`, at its value and one beyond. Those of requests as a whole stand in `tests/wire`. */
import { expect, test } from "vitest";
import * as limits from "../../wire/batch/limits.ts";
import { batchOperations } from "../../wire/batch/operations.gen.ts";
import { formulaParse } from "../autoscale/formula-parse.ts";
import { poolResizeRequested } from "../lifecycle/pool-resize.ts";
import { millisecondsToDuration } from "./iso-duration.ts";
import { propertyRule } from "./property-rules.ts";

const characters = (count: number) => "x".repeat(count);
const list = (count: number, entry: (index: number) => unknown) =>
  Array.from({ length: count }, (_, i) => entry(i));
const packages = (count: number, change: object = {}) =>
  list(count, (i) => ({ applicationId: `a${i}`, ...change }));
const users = (count: number) => list(count, (i) => ({ name: `u${i}`, password: "p" }));
const natPool = (i: number) => ({
  name: `n${i}`,
  protocol: "tcp",
  backendPort: 1_000 + i,
  frontendPortRangeStart: 1_000 + 100 * i,
  frontendPortRangeEnd: 1_099 + 100 * i,
});
const natPools = (count: number) => list(count, natPool);
const natRule = (i: number) => ({ priority: 150 + i, access: "allow", sourceAddressPrefix: "*" });
const rules = (count: number) => [
  { ...natPool(0), networkSecurityGroupRules: list(count - 1, natRule) },
  { ...natPool(1), networkSecurityGroupRules: [natRule(count)] },
];
const duration = millisecondsToDuration;

test.each<[limit: keyof typeof limits, property: string, taken: unknown, refused: unknown]>([
  [
    "ID_MAX_CHARACTERS",
    "JobAddParameter.id",
    characters(limits.ID_MAX_CHARACTERS),
    characters(limits.ID_MAX_CHARACTERS + 1),
  ],
  ["ID_PATTERN", "TaskAddParameter.id", "aZ_9-", "a.b"],
  [
    "DISPLAY_NAME_MAX_CHARACTERS",
    "JobAddParameter.displayName",
    characters(limits.DISPLAY_NAME_MAX_CHARACTERS),
    characters(limits.DISPLAY_NAME_MAX_CHARACTERS + 1),
  ],
  ["JOB_PRIORITY_MIN", "JobAddParameter.priority", limits.JOB_PRIORITY_MIN, limits.JOB_PRIORITY_MIN - 1],
  ["JOB_PRIORITY_MAX", "JobAddParameter.priority", limits.JOB_PRIORITY_MAX, limits.JOB_PRIORITY_MAX + 1],
  [
    "TASK_RETRY_COUNT_MIN",
    "TaskConstraints.maxTaskRetryCount",
    limits.TASK_RETRY_COUNT_MIN,
    limits.TASK_RETRY_COUNT_MIN - 1,
  ],
  [
    "MAX_PARALLEL_TASKS_UNLIMITED",
    "JobAddParameter.maxParallelTasks",
    limits.MAX_PARALLEL_TASKS_UNLIMITED,
    0,
  ],
  [
    "TASK_SLOTS_PER_NODE_MAX",
    "PoolAddParameter.taskSlotsPerNode",
    limits.TASK_SLOTS_PER_NODE_MAX,
    limits.TASK_SLOTS_PER_NODE_MAX + 1,
  ],
  [
    "COMMAND_LINE_MAX_CHARACTERS",
    "TaskAddParameter.commandLine",
    characters(limits.COMMAND_LINE_MAX_CHARACTERS),
    characters(limits.COMMAND_LINE_MAX_CHARACTERS + 1),
  ],
  [
    "RESIZE_TIMEOUT_MIN",
    "PoolResizeParameter.resizeTimeout",
    duration(limits.RESIZE_TIMEOUT_MIN),
    duration(limits.RESIZE_TIMEOUT_MIN - 1_000),
  ],
  [
    "AUTOSCALE_INTERVAL_MIN",
    "PoolAddParameter.autoScaleEvaluationInterval",
    duration(limits.AUTOSCALE_INTERVAL_MIN),
    duration(limits.AUTOSCALE_INTERVAL_MIN - 1_000),
  ],
  [
    "AUTOSCALE_INTERVAL_MAX",
    "PoolAddParameter.autoScaleEvaluationInterval",
    duration(limits.AUTOSCALE_INTERVAL_MAX),
    duration(limits.AUTOSCALE_INTERVAL_MAX + 1_000),
  ],
  [
    "REMOVE_NODES_MAX",
    "NodeRemoveParameter.nodeList",
    list(limits.REMOVE_NODES_MAX, String),
    list(limits.REMOVE_NODES_MAX + 1, String),
  ],
  [
    "AUTO_POOL_ID_PREFIX_MAX_CHARACTERS",
    "AutoPoolSpecification.autoPoolIdPrefix",
    characters(limits.AUTO_POOL_ID_PREFIX_MAX_CHARACTERS),
    characters(limits.AUTO_POOL_ID_PREFIX_MAX_CHARACTERS + 1),
  ],
  [
    "SCHEDULE_INTERVAL_MIN",
    "Schedule.recurrenceInterval",
    duration(limits.SCHEDULE_INTERVAL_MIN),
    duration(limits.SCHEDULE_INTERVAL_MIN - 1_000),
  ],
  [
    "USER_NAME_MAX_CHARACTERS",
    "UserAccount.name",
    characters(limits.USER_NAME_MAX_CHARACTERS),
    characters(limits.USER_NAME_MAX_CHARACTERS + 1),
  ],
  [
    "USER_ACCOUNTS_MAX",
    "PoolAddParameter.userAccounts",
    users(limits.USER_ACCOUNTS_MAX),
    users(limits.USER_ACCOUNTS_MAX + 1),
  ],
  ["NODE_USER_NAME_PATTERN", "ComputeNodeUser.name", "_a.b-c", "1a"],
  [
    "NODE_USER_PASSWORD_MAX_CHARACTERS",
    "ComputeNodeUser.password",
    characters(limits.NODE_USER_PASSWORD_MAX_CHARACTERS),
    characters(limits.NODE_USER_PASSWORD_MAX_CHARACTERS + 1),
  ],
  [
    "MOUNT_CONFIGURATIONS_MAX",
    "PoolAddParameter.mountConfiguration",
    list(limits.MOUNT_CONFIGURATIONS_MAX, () => ({})),
    list(limits.MOUNT_CONFIGURATIONS_MAX + 1, () => ({})),
  ],
  [
    "INBOUND_NAT_POOLS_MAX",
    "PoolEndpointConfiguration.inboundNATPools",
    natPools(limits.INBOUND_NAT_POOLS_MAX),
    natPools(limits.INBOUND_NAT_POOLS_MAX + 1),
  ],
  [
    "INBOUND_NAT_POOL_NAME_MAX_CHARACTERS",
    "InboundNATPool.name",
    characters(limits.INBOUND_NAT_POOL_NAME_MAX_CHARACTERS),
    characters(limits.INBOUND_NAT_POOL_NAME_MAX_CHARACTERS + 1),
  ],
  [
    "NETWORK_SECURITY_GROUP_RULES_MAX",
    "PoolEndpointConfiguration.inboundNATPools",
    rules(limits.NETWORK_SECURITY_GROUP_RULES_MAX),
    rules(limits.NETWORK_SECURITY_GROUP_RULES_MAX + 1),
  ],
  ["DATA_DISK_LUN_MAX", "DataDisk.lun", limits.DATA_DISK_LUN_MAX, limits.DATA_DISK_LUN_MAX + 1],
  [
    "PACKAGE_REFERENCES_MAX",
    "TaskAddParameter.applicationPackageReferences",
    packages(limits.PACKAGE_REFERENCES_MAX),
    packages(limits.PACKAGE_REFERENCES_MAX + 1),
  ],
  [
    "APPLICATION_NAME_MAX_CHARACTERS",
    "TaskAddParameter.applicationPackageReferences",
    packages(1, { applicationId: characters(limits.APPLICATION_NAME_MAX_CHARACTERS) }),
    packages(1, { applicationId: characters(limits.APPLICATION_NAME_MAX_CHARACTERS + 1) }),
  ],
  [
    "PACKAGE_VERSION_MAX_CHARACTERS",
    "TaskAddParameter.applicationPackageReferences",
    packages(1, { version: characters(limits.PACKAGE_VERSION_MAX_CHARACTERS) }),
    packages(1, { version: characters(limits.PACKAGE_VERSION_MAX_CHARACTERS + 1) }),
  ],
])("%s holds for %s", (_limit, property, taken, refused) => {
  const [model = "", name = ""] = property.split(".");
  const rule = propertyRule(model, name);
  expect(rule?.(taken)).toBeNull();
  expect(rule?.(refused)).toMatchObject({ code: "InvalidPropertyValue" });
});

test("a formula has at most its documented length", () => {
  const formula = (length: number) => `$a = 1;${" ".repeat(length - 7)}`;
  expect(() => formulaParse(formula(limits.AUTOSCALE_FORMULA_MAX_CHARACTERS))).not.toThrow();
  expect(() => formulaParse(formula(limits.AUTOSCALE_FORMULA_MAX_CHARACTERS + 1))).toThrow(
    expect.objectContaining({ code: "AutoScalingFormulaTooLong" }),
  );
});

test("a resize that names no timeout has the documented one", () => {
  expect(poolResizeRequested(0, undefined, "requeue").timeoutMs).toBe(limits.RESIZE_TIMEOUT_DEFAULT);
});

test("a page has at most as many rows as every list of the generated table takes", () => {
  const figures = Object.values(batchOperations).flatMap(
    ({ query }: { query: readonly { name: string; max?: number }[] }) =>
      query.flatMap(({ name, max }) => (name === "maxresults" ? [max] : [])),
  );
  expect(Math.max(...figures.map(Number))).toBe(limits.PAGE_MAX_RESULTS);
});
