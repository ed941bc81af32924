/** A report of api-versions in lines, nothing left out but ids of requests and what only the machine decides. */
import type { Finding, ManagementFinding, VersionReport } from "../../../src/wire/versions/versions-api.ts";

const rest = ({ count, since, instead, retired }: Pick<Finding, "count" | "since" | "instead" | "retired">) =>
  [
    `×${count}`,
    ...(since ? [`since ${since}`] : []),
    ...(instead ? [`-> ${instead}`] : []),
    ...(retired ? [`[${retired}]`] : []),
  ].join(" ");

function line(finding: Finding): string {
  const { fate, kind, name, operation, path } = finding;
  const what = path !== undefined && kind !== "value" && kind !== "shownValue" ? path : name;
  const place = kind === "operation" || operation === undefined ? [] : [operation];
  return [fate, kind, what, ...place, rest(finding)].join(" ");
}

const managed = ({ fate, kind, path, word, ...counts }: ManagementFinding) =>
  [fate, kind, ...(word ? [word] : []), path, rest(counts as ManagementFinding)].join(" ");

/** Sorted within each part, for the order of two requests at once is nobody's. */
export function reportLines(report: VersionReport): string[] {
  const { clients, findings, inReplies, dated, management, operations, things, isReady } = report;
  return [
    ...clients.map(({ name, apiVersion, requests }) => `${name}, ${apiVersion}, ${requests}`),
    ...findings.map(line).sort(),
    ...inReplies.map((finding) => `reply: ${line(finding)}`).sort(),
    ...dated.map((finding) => `date: ${line(finding)}`).sort(),
    ...management.flatMap((used) => [
      `${used.name}: ${used.fate} ${used.operation} ${used.apiVersion} ×${used.count}`,
      ...used.findings.map((finding) => `in it: ${managed(finding)}`),
    ]),
    ...operations.map(({ operation, methods }) =>
      [
        operation,
        ...Object.values(methods).map(({ once, now }) => `${once ?? "none"} -> ${now ?? "none"}`),
      ].join(" | "),
    ),
    `things: ${things}, ready: ${isReady}`,
  ];
}
