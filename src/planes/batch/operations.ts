/** Every operation that is built. The others of the table answer a declared 501, after authorization. */
import type { BatchOperationId } from "../../wire/batch/operations.gen.ts";
import * as account from "./account.ts";
import * as applications from "./applications.ts";
import * as certificates from "./certificates.ts";
import * as files from "./files.ts";
import * as jobs from "./jobs.ts";
import * as nodeActions from "./node-actions.ts";
import * as nodeUsers from "./node-users.ts";
import * as nodes from "./nodes.ts";
import * as pools from "./pools.ts";
import type { BatchHandler } from "./request/context.ts";
import type { BatchOperationHandler } from "./request/operation.ts";
import * as schedules from "./schedules.ts";
import * as tasks from "./tasks.ts";
import * as usage from "./usage.ts";

const resources: readonly Record<string, BatchOperationHandler>[] = [
  account,
  applications,
  certificates,
  files,
  jobs,
  nodeActions,
  nodes,
  nodeUsers,
  pools,
  schedules,
  tasks,
  usage,
];

export const batchOperationHandlers: ReadonlyMap<BatchOperationId, BatchHandler> = new Map(
  resources.flatMap((resource) => Object.values(resource).map(({ id, handle }) => [id, handle] as const)),
);
