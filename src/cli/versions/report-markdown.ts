/** The report as Markdown, to paste into an issue. */
import type { Fate, Finding, VersionReport } from "../../wire/versions/versions-api.ts";
import {
  details,
  languagesOf,
  managementLines,
  managementTitle,
  methodLine,
  OF_LOG,
  titleOf,
  verdict,
} from "./version-report.ts";

const SECTIONS: readonly (readonly [Fate, string])[] = [
  ["gone", "Gone"],
  ["renamed", "Renamed"],
  ["changed", "Changed in meaning"],
  ["unchanged", "Unchanged"],
];

export function reportMarkdown(report: VersionReport): string {
  const { clients, findings, inReplies, dated, operations, target } = report;
  const languages = languagesOf(report);
  const parts = [
    `## ${verdict(report)}`,
    table(
      ["client", "api-version", "requests"],
      clients.map(({ name, apiVersion, requests }) => [name, apiVersion, String(requests)]),
    ),
    ...SECTIONS.flatMap(([fate, title]) =>
      section(
        `${title} in ${target}`,
        findings.filter((one) => one.fate === fate),
        report,
      ),
    ),
    ...section("No longer in replies", inReplies, report),
    ...section("Ends on a date of its own", dated, report),
    ...managed(report),
    "### Methods, before and now",
    table(
      ["operation", "times", ...languages],
      operations.map(({ operation, count, methods }) => [
        operation,
        String(count),
        ...languages.map((language) => methodLine(methods[language]?.once, methods[language]?.now)),
      ]),
    ),
    ...(report.isOfLog ? [OF_LOG] : []),
    verdict(report),
  ];
  return `${parts.join("\n\n")}\n`;
}

function managed({ management }: VersionReport): string[] {
  if (management.length === 0) return [];
  const rows = management.flatMap((used) => {
    const what = managementLines(used).map(([label, text]) => `${label}: ${text}`);
    const inBodies = used.findings.map((finding) => [
      `${managementTitle(finding)} in ${used.operation}`,
      finding.fate,
      details(finding)
        .map(([label, text]) => `${label}: ${text}`)
        .join("; "),
    ]);
    return [[used.operation, used.fate, what.join("; ")], ...inBodies];
  });
  const target = management[0]?.target ?? "";
  return [`### Resource Manager, ${target}`, table(["operation", "then", "what"], rows)];
}

function section(title: string, findings: readonly Finding[], { operations }: VersionReport): string[] {
  if (findings.length === 0) return [];
  const rows = findings.map((finding) => {
    const told = details(finding).filter(([label]) => label !== "used");
    const what = told.map(([label, text]) => `${label}: ${text}`).join("; ");
    return [titleOf(finding, operations), what, String(finding.count), finding.firstRequestId];
  });
  return [`### ${title}`, table(["what", "then", "times", "first request"], rows)];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** A peer chose some of these words. */
function cell(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("|", "\\|").replaceAll("<", "&lt;").replaceAll("`", "'");
}
