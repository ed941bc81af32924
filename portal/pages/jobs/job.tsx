/** One job: how its tasks stand, and the tasks themselves, by state or only those that failed. */
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { batchOf, type models } from "../../api/batch.ts";
import { useAccountName, useMayHere } from "../../parts/account.ts";
import { AccountPage } from "../../parts/account-page.tsx";
import { ActionButton } from "../../parts/action-button.tsx";
import { Essentials } from "../../parts/essentials.tsx";
import { useListSearch, useSetListSearch } from "../../parts/list/list-filter.tsx";
import type { May } from "../../parts/may.ts";
import { RefusalNotice } from "../../parts/refusal-notice.tsx";
import { StateBadge } from "../../parts/state-badge.tsx";
import { TabList } from "../../parts/tab-list.tsx";
import { ProgressBarOf, useTaskCounts } from "../../parts/task-counts.tsx";
import { TimeText } from "../../parts/time-text.tsx";
import { live } from "../../queries.ts";
import { WaitingReasons } from "../tasks/waiting-reasons.tsx";
import { JobDependencies } from "./dependencies/job-dependencies.tsx";
import { JobActions } from "./job-actions.tsx";
import { JobPreparation } from "./job-preparation.tsx";
import { TaskList } from "./task-list.tsx";
import { JobCharts, JobTimeline } from "./timeline/job-timeline.tsx";

export function Job() {
  const account = useAccountName();
  const { job: id = "" } = useParams({ strict: false });
  const may = useMayHere();
  const navigate = useNavigate();
  const {
    data: job,
    error,
    refetch,
  } = useQuery(live({ queryKey: ["job", account, id], queryFn: () => batchOf(account).job(id) }));
  const jobs = `/accounts/${account}/jobs`;
  return (
    <AccountPage
      title={id}
      kind="Job"
      trail={[[jobs, "Jobs"]]}
      actions={
        <>
          <ActionButton
            name="Add tasks"
            isPrimary
            isDisabled={job?.state !== "active"}
            missing={may.batch("jobs/write")}
            onPress={() =>
              void navigate({ to: "/accounts/$account/jobs/$job/add-tasks", params: { account, job: id } })
            }
          />
          <ActionButton
            name="Clone"
            missing={may.batch("jobs/write")}
            onPress={() =>
              void navigate({ to: "/accounts/$account/new-job", params: { account }, search: { from: id } })
            }
          />
          <JobActions
            account={account}
            jobs={[id]}
            may={may}
            onDone={() => void refetch()}
            onDeleted={() => void navigate({ to: jobs })}
          />
        </>
      }
      commands={{
        lines: [`az batch job show --job-id ${id}`, `az batch task list --job-id ${id}`],
        request: `GET /jobs/${encodeURIComponent(id)}/tasks?api-version=2024-07-01.20.0`,
      }}
    >
      <RefusalNotice error={error} />
      {job && (
        <>
          <Counts account={account} job={id} isLive={job.state !== "completed"} />
          <Essentials
            facts={[
              { name: "State", value: <StateBadge state={job.state} /> },
              { name: "Pool", value: job.poolInfo?.poolId },
              { name: "Priority", value: job.priority },
              { name: "Created", value: <TimeText at={job.creationTime} /> },
              { name: "Ended", value: <TimeText at={job.executionInfo?.endTime} /> },
              { name: "Reason", value: job.executionInfo?.terminateReason },
              { name: "When all tasks complete", value: job.onAllTasksComplete },
              { name: "When a task fails", value: job.onTaskFailure },
            ]}
          />
          <JobView account={account} job={job} may={may} />
        </>
      )}
    </AccountPage>
  );
}

const VIEWS = [
  ["tasks", "Tasks"],
  ["timeline", "Timeline"],
  ["charts", "Charts"],
  ["dependencies", "Dependencies"],
  ["preparation", "Preparation and release"],
] as const;

interface ViewProps {
  readonly account: string;
  readonly job: models.CloudJob;
  readonly may: May;
}

/** One of the ways to look at what the job does. */
function JobView({ account, job, may }: ViewProps) {
  const { tab = "tasks" } = useListSearch();
  const set = useSetListSearch();
  const { id = "", jobPreparationTask } = job;
  const shown = { account, job: id, isLive: job.state !== "completed" };
  const views = jobPreparationTask ? VIEWS : VIEWS.slice(0, -1);
  return (
    <>
      <TabList label="Views" tabs={views} chosen={tab} onChoose={(chosen) => set({ tab: chosen })} />
      {tab === "tasks" && <TaskList account={account} job={id} may={may} />}
      {tab === "timeline" && <JobTimeline {...shown} />}
      {tab === "charts" && <JobCharts {...shown} />}
      {tab === "dependencies" && <JobDependencies {...shown} />}
      {tab === "preparation" && <JobPreparation {...shown} />}
    </>
  );
}

interface CountsProps {
  readonly account: string;
  readonly job: string;
  readonly isLive: boolean;
}

function Counts({ account, job, isLive }: CountsProps) {
  const { data } = useTaskCounts(account, job, isLive);
  if (data === undefined) return null;
  const { active, running, succeeded, failed } = data;
  const shown = [
    ["Waiting", active],
    ["Running", running],
    ["Succeeded", succeeded],
    ["Failed", failed],
  ] as const;
  return (
    <section aria-label="Tasks by state">
      <div className="figures">
        {shown.map(([name, value]) => (
          <div key={name} className="figure">
            <span className="figure-value">{value.toLocaleString()}</span>
            <span>{name}</span>
          </div>
        ))}
      </div>
      <div className="wide-progress">
        <ProgressBarOf parts={{ succeeded, failed, running, active }} />
      </div>
      {active > 0 && <WaitingReasons account={account} job={job} />}
    </section>
  );
}
