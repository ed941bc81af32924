/** What an agent is told to run for a task's next attempt. */
import { preparationId } from "../../core/lifecycle/hook-ids.ts";
import type { Connection } from "../../store/engine/connection.ts";
import type { JobRow } from "../../store/work/jobs.ts";
import type { TaskRow } from "../../store/work/tasks.ts";
import type { HostMount, RunSpec } from "../../wire/agent/messages.ts";
import { taskRun } from "../../wire/agent/run-name.ts";
import type {
  ContainerHostDataPath,
  EnvironmentSetting,
  TaskAddParameter,
  TaskContainerSettings,
  UserIdentity,
} from "../../wire/batch/models-types.gen.ts";
import type { App } from "../app.ts";
import { packageSpecs } from "../applications/package-references.ts";
import { jobSpecOf } from "../jobs/job-spec.ts";
import { type RunFiles, runFiles, runTransfers } from "./run-transfers.ts";
import { taskLimits } from "./task-constraints.ts";

/** Inside the caller's transaction: which package a reference means can change at any time. */
export async function taskRunSpec(
  app: Pick<App, "account" | "clock" | "sealing" | "storage" | "taskTokens">,
  c: Connection,
  job: JobRow,
  task: Pick<TaskRow, "key" | "id" | "spec">,
  attempt: number,
  nodeKey: number,
): Promise<RunSpec> {
  const spec = JSON.parse(task.spec) as TaskAddParameter;
  const jobSpec = jobSpecOf(job);
  const preparation = preparationId(jobSpec);
  const { maxWallClock } = taskLimits(spec, jobSpec);
  const files = runFiles(app, job.account_key);
  const packages = await packageSpecs(app, c, job.account_key, spec.applicationPackageReferences);
  return {
    run: taskRun(task.key, attempt),
    nodeKey: String(nodeKey),
    place: { kind: "task", jobId: job.id, taskId: task.id },
    attempt,
    commandLine: spec.commandLine,
    environment: [...pairs(jobSpec.commonEnvironmentSettings), ...pairs(spec.environmentSettings)],
    accountUrl: app.account(job.account_key).url,
    ...runUser(spec.userIdentity),
    ...runContainer(spec.containerSettings, files),
    ...(spec.authenticationTokenSettings?.access?.includes("job") && {
      authenticationToken: app.taskTokens.issue(task.key, attempt),
    }),
    ...(preparation !== undefined && { preparationId: preparation }),
    ...runTransfers(spec, files),
    ...(packages.length > 0 && { packages }),
    ...(maxWallClock === Infinity ? {} : { wallClockMs: maxWallClock }),
  };
}

export function pairs(settings: readonly EnvironmentSetting[] | undefined): (readonly [string, string])[] {
  return (settings ?? []).map(({ name, value }) => [name, value ?? ""] as const);
}

/** As whom it runs. Which accounts there are, the node knows. */
export function runUser(identity: UserIdentity | undefined): Pick<RunSpec, "elevated" | "username"> {
  const username = identity?.username;
  return {
    elevated: identity?.autoUser?.elevationLevel === "admin",
    ...(username !== undefined && { username }),
  };
}

/** In which image it runs, and what it is given there. */
export function runContainer(
  settings: TaskContainerSettings | undefined,
  { registry: access }: Pick<RunFiles, "registry">,
): Pick<RunSpec, "container"> {
  if (!settings) return {};
  const { imageName, containerRunOptions, registry, containerHostBatchBindMounts: mounts } = settings;
  return {
    container: {
      image: imageName,
      isWorkingFolderOfImage: settings.workingDirectory?.toLowerCase() === "containerimagedefault",
      ...(containerRunOptions !== undefined && { runOptions: containerRunOptions }),
      ...(registry && { registry: access(registry) }),
      ...(mounts && {
        hostMounts: mounts.map(({ source = "Task", isReadOnly = false }) => ({
          source: HOST_PATHS[source],
          isReadOnly,
        })),
      }),
    },
  };
}

const HOST_PATHS: Readonly<Record<ContainerHostDataPath, HostMount["source"]>> = {
  Shared: "shared",
  Startup: "startup",
  VfsMounts: "vfsMounts",
  Task: "task",
  JobPrep: "jobPrep",
  Applications: "applications",
};
