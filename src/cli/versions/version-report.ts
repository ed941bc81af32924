/** The report as the service gives it, and how a command ends with it. Decides nothing about versions. */
import type {
  Finding,
  ManagementFinding,
  UsedManagement,
  UsedOperation,
  VersionReport,
} from "../../wire/versions/versions-api.ts";
import { CommandError, exitCode } from "../command/exit-code.ts";

/** The last line of every report. */
export function verdict({ target, isReady, things, inReplies, isTruncated, ...rest }: VersionReport): string {
  const { clients, management, isOfLog } = rest;
  if (clients.length === 0 && management.length === 0)
    return `ready for ${target}: ${isOfLog ? "the log has nothing of it" : "nothing was sent to the Batch service"}`;
  const count = `${things} ${things === 1 ? "thing" : "things"}`;
  if (!isReady)
    return `ready for ${target}: no (${things === 0 && isTruncated ? "more was used than is kept" : count})`;
  if (isOfLog) return `ready for ${target}: nothing in the log of writes speaks against it`;
  return `ready for ${target}: yes${inReplies.length > 0 ? `, if it does not read ${inReplies.length} of its replies' fields` : ""}`;
}

export const failOnHelp = `  --fail-on WHAT       exit with 1 if something is gone ('gone'), or is gone,
                       renamed or changed ('any')
`;

/** @throws CommandError (usage) */
export function checkFailOn(value: string | undefined): void {
  if (value === undefined || value === "gone" || value === "any") return;
  throw new CommandError(`--fail-on takes gone or any; '${value}' is neither`, exitCode.usage);
}

export function fails({ findings, management, isReady }: VersionReport, failOn: string | undefined): boolean {
  if (failOn === "any") return !isReady;
  const inBodies = management.flatMap((used) => used.findings.filter(({ kind }) => kind !== "shown"));
  return failOn === "gone" && [...findings, ...management, ...inBodies].some(({ fate }) => fate === "gone");
}

type Language = keyof UsedOperation["methods"];

/** Languages whose methods are worth telling: those of the clients; all of them where somebody writes requests by hand. */
export function languagesOf({ clients, operations }: VersionReport): readonly Language[] {
  const all = Object.keys(operations[0]?.methods ?? {}) as Language[];
  const isByHand = clients.some(({ language, name }) => language === undefined && !name.startsWith("az "));
  return isByHand ? all : all.filter((language) => clients.some((client) => client.language === language));
}

/** What is told of one thing, after its name. */
export function details(
  finding: Pick<Finding, "instead" | "retired" | "since" | "count" | "firstRequestId" | "fate">,
): readonly (readonly [label: string, text: string])[] {
  const { instead, retired, since, count, firstRequestId, fate } = finding;
  const times = count === 1 ? "once" : `${count} times`;
  const label = fate === "gone" ? "instead" : "now";
  return [
    ...(instead === undefined ? [] : [[label, instead] as const]),
    ...(since === undefined ? [] : [["since", since] as const]),
    ...(retired === undefined ? [] : [["Azure", retired] as const]),
    ["used", `${times}, first in request ${firstRequestId}`],
  ];
}

/** What it is, for a heading. */
export function titleOf(
  { kind, name, operation, path }: Finding,
  operations: readonly UsedOperation[],
): string {
  const row = operations.find((used) => used.operation === operation);
  switch (kind) {
    case "api-version":
      return `api-version ${name}`;
    case "operation":
      return `${name} (${row?.method} ${row?.path})`;
    case "value":
    case "shownValue":
      return `${name.slice(name.indexOf(".") + 1)} as ${path} in ${operation}`;
    case "absent":
      return `${path}, left out in ${operation}`;
    case "selected":
      return `${path} in the $select of ${operation}`;
    case "shown":
      return `${path} in replies to ${operation}`;
    default:
      return `${path ?? name} in ${operation}`;
  }
}

/** One line for what a client asked of Resource Manager, and one for what takes its place. */
export function managementLines(used: UsedManagement): readonly (readonly [label: string, text: string])[] {
  const { name, apiVersion, count, firstRequestId, since, instead, retired } = used;
  const times = count === 1 ? "once" : `${count} times`;
  return [
    ...(instead === undefined ? [] : [["instead", instead] as const]),
    ...(since === undefined ? [] : [["since", since] as const]),
    ...(retired === undefined ? [] : [["Azure", retired] as const]),
    ["used", `${times} by ${name} with ${apiVersion}, first in request ${firstRequestId}`],
  ];
}

/** What of an operation's bodies is told, for a heading. */
export function managementTitle({ kind, fate, path, word }: ManagementFinding): string {
  const what = word === undefined ? path : `${word} as ${path}`;
  if (kind === "shown") return `${fate} in replies: ${what}`;
  return kind === "dated" ? `ends on a date of its own: ${what}` : `${fate}: ${what}`;
}

/** What a report from the audit log does not know. */
export const OF_LOG =
  "From the log of requests that changed something: reads, and what was in a body, are not in it; watching with --for, or 'batchyard run --report', sees them.";

export function methodLine(once: string | undefined, now: string | undefined): string {
  if (once === undefined && now === undefined) return "no method";
  return `${once ?? "no method"} -> ${now ?? "no method"}`;
}
