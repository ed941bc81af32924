/** Takes in the ends of attempts that an agent reports, and acknowledges them once they are durable. */
import type { Connection } from "../../store/engine/connection.ts";
import type { RunReport, ToAgent } from "../../wire/agent/messages.ts";
import { parseRun } from "../../wire/agent/run-name.ts";
import type { App } from "../app.ts";
import { jobPreparationEnded } from "../jobs/job-preparation.ts";
import { jobReleaseEnded } from "../jobs/job-release.ts";
import { runsEnded, type TaskAttempt, type TaskFolder } from "../tasks/runs-ended.ts";
import type { AttemptEnd } from "../tasks/task-end.ts";
import { startTaskEnded } from "./start-task.ts";

/** Taken in by one transaction: a frame may have thousands. Ours. */
const REPORTS_PER_WRITE = 100;

/** @param waiting emptied as the writes begin: what is added until then is taken in with the rest */
export async function agentReports(app: App, agentId: string, waiting: RunReport[]): Promise<void> {
  while (waiting.length > 0) {
    const { messages, folders } = await app.store.write((c) =>
      reportsTake(app, c, agentId, waiting.splice(0, REPORTS_PER_WRITE)),
    );
    for (const message of messages) app.agents.send(agentId, message);
    // Best effort: with the agent away a folder goes with its node.
    for (const folder of folders) void app.agents.fileDelete(agentId, folder, true).catch(() => {});
  }
}

/** Inside the caller's transaction. @returns what to tell the agent, and to have it delete, after the commit */
async function reportsTake(
  app: App,
  c: Connection,
  agentId: string,
  reports: readonly RunReport[],
): Promise<{ readonly messages: readonly ToAgent[]; readonly folders: readonly TaskFolder[] }> {
  if (reports.length === 0) return { messages: [], folders: [] }; // another write has taken them
  const messages: ToAgent[] = [];
  const tasks: (TaskAttempt & AttemptEnd)[] = [];
  for (const report of reports) {
    const name = parseRun(report.run);
    if (name?.kind === "task") tasks.push({ ...name, ...endOf(report) });
    if (name?.kind === "startTask") {
      const spec = await startTaskEnded(app, c, agentId, name.nodeKey, name.attempt, endOf(report));
      if (spec) messages.push({ t: "run.start", spec });
    }
    if (name?.kind === "preparation") {
      const { jobNodeKey, attempt } = name;
      const specs = await jobPreparationEnded(app, c, agentId, jobNodeKey, attempt, endOf(report));
      messages.push(...specs.map((spec) => ({ t: "run.start", spec }) as const));
    }
    if (name?.kind === "release") {
      await jobReleaseEnded(app, c, agentId, name.jobNodeKey, name.attempt, endOf(report));
    }
  }
  const folders = await runsEnded(app, c, agentId, tasks);
  messages.push({ t: "run.ack", runs: reports.map(({ run }) => run) });
  return { messages, folders };
}

function endOf({ end, startTime, endTime, usage }: RunReport): AttemptEnd {
  return {
    end,
    startedAt: startTime === undefined ? null : Date.parse(startTime),
    endedAt: Date.parse(endTime),
    ...(usage && { usage }),
  };
}
