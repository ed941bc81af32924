/** `batchyard access explain`: why a request was denied, and what would allow it. */
import type { ExplainedDenial } from "../../wire/access/access-api.ts";
import { oneWord } from "../command/command-line.ts";
import { serviceCommandOnWords } from "../command/service-command.ts";
import { labelled } from "../command/wrapped-lines.ts";
import { accessPath } from "../connect/management-session.ts";
import { consideredText, permissionText, wayOutText } from "./explanation.ts";

export const help = `Explain why a request was denied.

Usage: batchyard access explain REQUEST-ID

The id stands in the error's text (RequestId) and in the reply's headers
(request-id, x-ms-request-id). Denials are kept for a day.

  --data DIR   the service's state folder
  --json       one JSON object
`;

export const execute = serviceCommandOnWords({}, async ({ words, management }) => {
  const requestId = oneWord(words, "which request? batchyard access explain REQUEST-ID");
  const session = await management();
  const denial = await session.send<ExplainedDenial>(
    "GET",
    accessPath(`denials/${encodeURIComponent(requestId)}`),
  );
  return { json: denial, text: explained(denial) };
});

function explained({ caller, ...denial }: ExplainedDenial): string {
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

function callerLines({ task, principalType, principalId, appId }: ExplainedDenial["caller"]): string[] {
  if (task) return [labelled("Task", `${task.taskId} of job ${task.jobId}`)];
  return [labelled("Principal", `${principalType} ${principalId}`), labelled("", `by application ${appId}`)];
}

function roleLines(denial: Omit<ExplainedDenial, "caller">): string[] {
  return [
    consideredText(denial.considered, denial.unlisted),
    "\n",
    wayOutText(denial.builtInRoles, denial.missing),
  ];
}
