/** `batchyard access explain`: why a request was denied, and what would allow it. */
import { parseWords } from "../command-line.ts";
import { accessPath, managementSession } from "../connect/management-session.ts";
import { CommandError, exitCode } from "../exit-code.ts";
import { dataFolder } from "../service/data-folder.ts";
import { runningService } from "../service/running-service.ts";
import { labelled } from "../wrapped-lines.ts";
import {
  type ConsideredAssignment,
  consideredText,
  type Permission,
  permissionText,
  wayOutText,
} from "./explanation.ts";

export const help = `Explain why a request was denied.

Usage: batchyard access explain REQUEST-ID

The id stands in the error's text (RequestId) and in the reply's headers
(request-id, x-ms-request-id). Denials are kept for a day.

  --data DIR   the service's state folder
  --json       one JSON object
`;

interface Denial {
  readonly requestId: string;
  readonly time: string;
  readonly caller: {
    readonly principalId: string | null;
    readonly principalType: string;
    readonly appId: string | null;
    readonly task?: { readonly jobId: string; readonly taskId: string };
  };
  readonly operation: string;
  readonly scope: string;
  readonly target: string;
  readonly missing: Permission;
  readonly considered: readonly ConsideredAssignment[];
  readonly unlisted: number;
  readonly builtInRoles: readonly string[];
}

export async function execute(argv: readonly string[]): Promise<number> {
  const { values, words } = parseWords(argv, {
    data: { type: "string" },
    json: { type: "boolean", default: false },
  });
  const [requestId, ...others] = words;
  if (requestId === undefined || others.length > 0) {
    throw new CommandError("which request? batchyard access explain REQUEST-ID", exitCode.usage);
  }
  const folder = dataFolder(values.data);
  const session = await managementSession(await runningService(folder), folder);
  const denial = await session.send<Denial>("GET", accessPath(`denials/${encodeURIComponent(requestId)}`));
  process.stdout.write(values.json ? `${JSON.stringify(denial)}\n` : explained(denial));
  return exitCode.ok;
}

function explained({ caller, ...denial }: Denial): string {
  return [
    `Denied at ${denial.time}\n`,
    ...callerLines(caller),
    labelled("Operation", denial.operation),
    labelled("Path", denial.target),
    labelled("Scope", denial.scope),
    labelled("Missing", permissionText(denial.missing)),
    "\n",
    ...(caller.task ? [TASK_TEXT] : roleLines(denial)),
  ].join("");
}

const TASK_TEXT =
  "A task authentication token opens the operations on the task's own job alone. No role changes that.\n";

function callerLines({ task, principalType, principalId, appId }: Denial["caller"]): string[] {
  if (task) return [labelled("Task", `${task.taskId} of job ${task.jobId}`)];
  return [labelled("Principal", `${principalType} ${principalId}`), labelled("", `by application ${appId}`)];
}

function roleLines(denial: Omit<Denial, "caller">): string[] {
  return [
    consideredText(denial.considered, denial.unlisted),
    "\n",
    wayOutText(denial.builtInRoles, denial.missing),
  ];
}
