/** One task: what it ran, how it went in words, and its output as it comes. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { batchOf, type models } from "../../api/batch.ts";
import { useAccountName, useMayHere } from "../../parts/account.ts";
import { AccountPage } from "../../parts/account-page.tsx";
import { ActionButton } from "../../parts/action-button.tsx";
import { ConfirmDialog } from "../../parts/confirm-dialog.tsx";
import { Essentials } from "../../parts/essentials.tsx";
import { RefusalNotice } from "../../parts/refusal-notice.tsx";
import { StateBadge } from "../../parts/state-badge.tsx";
import { TimeText } from "../../parts/time-text.tsx";
import { live } from "../../queries.ts";
import { failureWords } from "./failure-words.ts";
import { TaskDetails } from "./task-details.tsx";
import { TaskFiles } from "./task-files.tsx";
import { WaitingReasons } from "./waiting-reasons.tsx";

export function Task() {
  const account = useAccountName();
  const { job = "", task: id = "" } = useParams({ strict: false });
  const {
    data: task,
    error,
    refetch,
  } = useQuery(
    live({
      queryKey: ["task", account, job, id],
      queryFn: () => batchOf(account).task(job, id),
      isLive: (seen) => seen?.state !== "completed",
    }),
  );
  const jobs = `/accounts/${account}/jobs`;
  return (
    <AccountPage
      title={id}
      kind="Task"
      trail={[
        [jobs, "Jobs"],
        [`${jobs}/${encodeURIComponent(job)}`, job],
      ]}
      actions={task && <Actions {...{ account, job, task }} onDone={() => void refetch()} />}
      commands={{
        lines: [
          `az batch task show --job-id ${job} --task-id ${id}`,
          `az batch task file download --job-id ${job} --task-id ${id} --file-path stdout.txt --destination ./stdout.txt`,
        ],
        request: `GET /jobs/${encodeURIComponent(job)}/tasks/${encodeURIComponent(id)}?api-version=2024-07-01.20.0`,
      }}
    >
      <RefusalNotice error={error} />
      {task && (
        <>
          {task.state === "active" && <WaitingReasons account={account} job={job} task={id} />}
          <Facts account={account} task={task} />
          <TaskDetails account={account} job={job} task={task} />
          <TaskFiles
            {...{ account, job, task: id }}
            isRunning={task.state === "running"}
            hasRun={task.nodeInfo !== undefined}
          />
        </>
      )}
    </AccountPage>
  );
}

function Facts({ account, task }: { readonly account: string; readonly task: models.CloudTask }) {
  const { executionInfo: run, nodeInfo: node } = task;
  const failure = run?.failureInfo;
  return (
    <>
      {failure && (
        <div className="refusal">
          <strong>
            {failure.category}: {failure.code}
          </strong>
          <p className="said">{failureWords(failure, run?.exitCode) ?? failure.message}</p>
          {failureWords(failure, run?.exitCode) && <p className="said">{failure.message}</p>}
          {failure.details
            ?.filter(({ value }) => value !== failure.message && value !== failure.code)
            .map(({ name, value }) => (
              <p key={name} className="said">
                {name}: {value}
              </p>
            ))}
        </div>
      )}
      <Essentials
        facts={[
          { name: "Command line", value: task.commandLine, isCopied: true },
          { name: "State", value: <StateBadge state={task.state} /> },
          { name: "Result", value: run?.result && <StateBadge state={run.result} /> },
          { name: "Exit code", value: run?.exitCode },
          { name: "Attempts", value: run && 1 + run.retryCount + run.requeueCount },
          { name: "Created", value: <TimeText at={task.creationTime} /> },
          { name: "Started", value: <TimeText at={run?.startTime} /> },
          { name: "Ended", value: <TimeText at={run?.endTime} /> },
          {
            name: "Node",
            value: node?.poolId && (
              <Link
                to="/accounts/$account/pools/$pool"
                params={{ account, pool: node.poolId }}
                search={{ selected: node.nodeId ?? "" }}
              >
                {node.nodeId}
              </Link>
            ),
          },
        ]}
      />
    </>
  );
}

interface ActionsProps {
  readonly account: string;
  readonly job: string;
  readonly task: models.CloudTask;
  onDone(): void;
}

function Actions({ account, job, task: { id = "", state, executionInfo }, onDone }: ActionsProps) {
  const batch = batchOf(account);
  const navigate = useNavigate();
  const missing = useMayHere().batch("jobs/write");
  const [isAsked, setAsked] = useState(false);
  const acting = useMutation({
    meta: { notice: `Change the task ${id}` },
    mutationFn: (act: (job: string, id: string) => Promise<void>) => act(job, id),
    onSettled: onDone,
  });
  const removing = useMutation({
    meta: { notice: `Delete the task ${id}` },
    mutationFn: () => batch.taskDelete(job, id),
    onSuccess: () => navigate({ to: "/accounts/$account/jobs/$job", params: { account, job } }),
  });
  const isOver = state === "completed";
  return (
    <>
      <ActionButton
        name="Terminate"
        isDisabled={isOver}
        missing={missing}
        onPress={() => acting.mutate(batch.taskTerminate)}
      />
      <ActionButton
        name="Reactivate"
        isDisabled={!isOver || executionInfo?.result !== "failure"}
        missing={missing}
        onPress={() => acting.mutate(batch.taskReactivate)}
      />
      <ActionButton
        name="Clone"
        missing={missing}
        onPress={() =>
          void navigate({
            to: "/accounts/$account/jobs/$job/add-tasks",
            params: { account, job },
            search: { from: id },
          })
        }
      />
      <ActionButton name="Delete" missing={missing} onPress={() => setAsked(true)} />
      <RefusalNotice error={acting.error ?? removing.error} />
      <ConfirmDialog
        isOpen={isAsked}
        title={`Delete ${id}?`}
        confirm="Delete"
        onConfirm={() => removing.mutate()}
        onClose={() => setAsked(false)}
      >
        Its files on the node are removed, too.
      </ConfirmDialog>
    </>
  );
}
