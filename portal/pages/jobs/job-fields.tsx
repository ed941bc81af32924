/** What a job is told to be: of a job of its own, and of those that a schedule makes. */
import { useQuery } from "@tanstack/react-query";
import { batchOf } from "../../api/batch.ts";
import { BodyCheck, BodyChoice, BodyNumber, BodyText } from "../../parts/body/body-fields.tsx";
import type { BodyForm } from "../../parts/body/body-form.tsx";
import { EnvironmentRows } from "../../parts/body/command-rows.tsx";

interface Props {
  readonly account: string;
  readonly form: BodyForm;
  /** Stands before every path: empty, or `jobSpecification.` */
  readonly prefix: "" | "jobSpecification.";
}

const ALL_COMPLETE = [
  ["noaction", "Leave the job as it is"],
  ["terminatejob", "End the job"],
] as const;
const TASK_FAILURE = [
  ["noaction", "Nothing more"],
  ["performexitoptionsjobaction", "What the task's exit conditions say"],
] as const;

export function JobFields({ account, form, prefix }: Props) {
  const { data: pools = [] } = useQuery({
    queryKey: ["pool-ids", account],
    queryFn: async () => (await batchOf(account).pools({ $select: "id", maxresults: 200 })).value,
  });
  const at = (path: string) => ({ form, path: prefix + path });
  return (
    <>
      <div className="form-columns">
        <BodyText {...at("poolInfo.poolId")} label="Pool" list={pools.map(({ id = "" }) => id)} isRequired />
        <BodyNumber {...at("priority")} label="Priority" placeholder="0" description="From -1000 to 1000" />
        <BodyNumber
          {...at("maxParallelTasks")}
          label="Tasks at once"
          placeholder="-1"
          description="-1 for as many as there is room for"
        />
        <BodyNumber
          {...at("constraints.maxTaskRetryCount")}
          label="Retries of a task"
          placeholder="0"
          description="-1 for no limit"
        />
        <BodyText
          {...at("constraints.maxWallClockTime")}
          label="Longest time"
          placeholder="PT1H"
          description="An ISO 8601 duration; empty for no limit"
        />
        <BodyChoice
          {...at("onAllTasksComplete")}
          label="When all tasks complete"
          options={ALL_COMPLETE}
          usual="noaction"
        />
        <BodyChoice
          {...at("onTaskFailure")}
          label="When a task fails"
          options={TASK_FAILURE}
          usual="noaction"
        />
      </div>
      <BodyCheck {...at("usesTaskDependencies")} label="Tasks depend on other tasks" />
      <BodyText
        {...at("jobPreparationTask.commandLine")}
        label="Preparation task"
        description="A command line that runs on a node before the job's first task there; may be empty"
      />
      <BodyText
        {...at("jobReleaseTask.commandLine")}
        label="Release task"
        description="A command line that runs on those nodes when the job has ended; it needs a preparation task"
      />
      <EnvironmentRows {...at("commonEnvironmentSettings")} label="Environment of all tasks" />
    </>
  );
}
