/** One node: what it is and runs, how its start task went with the log beside it, and what can be done with it. */
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { batchOf, type models } from "../../api/batch.ts";
import { useMayHere } from "../../parts/account.ts";
import { ActionButton } from "../../parts/action-button.tsx";
import { ConfirmDialog } from "../../parts/confirm-dialog.tsx";
import { Essentials } from "../../parts/essentials.tsx";
import { OutputView } from "../../parts/output/output-view.tsx";
import { RefusalNotice } from "../../parts/refusal-notice.tsx";
import { StateBadge } from "../../parts/state-badge.tsx";
import { TimeText } from "../../parts/time-text.tsx";
import { NodeTokenDialog } from "./node-token-dialog.tsx";
import { NodeUserDialog } from "./node-user-dialog.tsx";

interface Props {
  readonly account: string;
  readonly pool: string;
  readonly node: models.ComputeNode;
  /** Resource ids of the pool's. */
  readonly identities: readonly string[];
}

/** What runs on the node is ended for it. */
type Drastic = "Reboot" | "Reimage" | "Remove";

export function NodePanel({ account, pool, node, identities }: Props) {
  const { id = "", startTaskInfo: start } = node;
  const batch = batchOf(account);
  const may = useMayHere();
  const missing = may.batch("pools/write");
  const [asked, setAsked] = useState<Drastic>();
  const [dialog, setDialog] = useState<"user" | "token">();
  const acting = useMutation({
    mutationFn: (what: Drastic | "Disable" | "Enable") =>
      ({
        Reboot: batch.nodeReboot,
        Reimage: batch.nodeReimage,
        Disable: batch.nodeDisable,
        Enable: batch.nodeEnable,
        Remove: (inPool: string, node: string) => batch.nodeRemove(inPool, [node]),
      })[what](pool, id),
    meta: { notice: `Change the node ${id}` },
  });
  const takesTasks = node.schedulingState !== "disabled";
  return (
    <section className="card wide" aria-label={`Node ${id}`}>
      <h3>{id}</h3>
      <div className="section-actions">
        <ActionButton name="Reboot" missing={missing} onPress={() => setAsked("Reboot")} />
        <ActionButton name="Reimage" missing={missing} onPress={() => setAsked("Reimage")} />
        <ActionButton
          name={takesTasks ? "Disable scheduling" : "Enable scheduling"}
          isDisabled={acting.isPending}
          missing={missing}
          onPress={() => acting.mutate(takesTasks ? "Disable" : "Enable")}
        />
        <ActionButton name="Remove" missing={missing} onPress={() => setAsked("Remove")} />
        <ActionButton name="Add user" missing={missing} onPress={() => setDialog("user")} />
        {identities.length > 0 && (
          <ActionButton
            name="Get a token"
            missing={may.batch("jobs/write")}
            onPress={() => setDialog("token")}
          />
        )}
      </div>
      <RefusalNotice error={acting.error} />
      <Essentials
        facts={[
          { name: "State", value: <StateBadge state={node.state} /> },
          { name: "Scheduling", value: node.schedulingState },
          { name: "IP address", value: node.ipAddress, isCopied: true },
          { name: "Kind", value: node.isDedicated ? "Dedicated" : "Spot" },
          { name: "Running tasks", value: node.runningTasksCount },
          { name: "Tasks run", value: node.totalTasksRun },
          { name: "Booted", value: <TimeText at={node.lastBootTime} /> },
        ]}
      />
      {node.errors?.map(({ code, message }) => (
        <div key={code} className="refusal">
          <strong>{code}</strong>
          <p className="said">{message}</p>
        </div>
      ))}
      {node.recentTasks && node.recentTasks.length > 0 && (
        <p className="links">
          Recent tasks:
          {node.recentTasks.map(({ jobId, taskId, taskState }) => (
            <Link
              key={`${jobId}/${taskId}`}
              to="/accounts/$account/jobs/$job/tasks/$task"
              params={{ account, job: jobId ?? "", task: taskId ?? "" }}
            >
              {jobId} / {taskId} ({taskState})
            </Link>
          ))}
        </p>
      )}
      {start && (
        <>
          <h3>Start task: {start.result ?? start.state}</h3>
          {start.failureInfo && (
            <p className="said">
              {start.failureInfo.code}: {start.failureInfo.message}
            </p>
          )}
          <OutputView
            key={id}
            name="startup/stderr.txt"
            read={(from) => batch.nodeFile(pool, id, "startup/stderr.txt", from)}
            content={() => batch.nodeFileContent(pool, id, "startup/stderr.txt")}
            isGrowing={start.state === "running"}
          />
        </>
      )}
      {dialog === "user" && (
        <NodeUserDialog account={account} pool={pool} node={id} onClose={() => setDialog(undefined)} />
      )}
      {dialog === "token" && (
        <NodeTokenDialog {...{ account, pool, node, identities }} onClose={() => setDialog(undefined)} />
      )}
      <ConfirmDialog
        isOpen={asked !== undefined}
        title={`${asked} ${id}?`}
        confirm={asked ?? ""}
        onConfirm={() => asked && acting.mutate(asked)}
        onClose={() => setAsked(undefined)}
      >
        {asked === "Reimage" ? "What was put on it goes. " : ""}What runs there begins again on another node,
        or on this one when it is back.
      </ConfirmDialog>
    </section>
  );
}
