/** The report for a terminal of 80 columns. */

import type { Fate, Finding, VersionReport } from "../../wire/versions/versions-api.ts";
import { indented, labelled } from "../command/wrapped-lines.ts";
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
];

export function reportText(report: VersionReport): string {
  const { findings, inReplies, dated, clients } = report;
  const sections = SECTIONS.map(([fate, title]) =>
    section(
      `${title} in ${report.target}`,
      findings.filter((one) => one.fate === fate),
      report,
    ),
  );
  return [
    clients.length === 0 ? "" : `Clients\n${clients.map(clientLine).join("")}\n`,
    ...sections,
    section("No longer in replies: look whether the program reads them", inReplies, report),
    section("Ends on a date of its own", dated, report),
    unchanged(report),
    managed(report),
    methods(report),
    report.isTruncated ? "More was used than a recording keeps: take a shorter one.\n\n" : "",
    report.isOfLog ? `${indented(OF_LOG, 0)}\n` : "",
    `${verdict(report)}\n`,
  ].join("");
}

function clientLine({ name, apiVersion, requests }: VersionReport["clients"][number]): string {
  return indented(
    `${name}: api-version ${apiVersion}, ${requests} ${requests === 1 ? "request" : "requests"}`,
    2,
  );
}

function section(title: string, findings: readonly Finding[], report: VersionReport): string {
  if (findings.length === 0) return "";
  const told = findings.map(
    (finding) =>
      indented(titleOf(finding, report.operations), 2) +
      details(finding)
        .map(([label, text]) => labelled(label, text, 4, 9))
        .join(""),
  );
  return `${title}\n${told.join("")}\n`;
}

function managed({ management }: VersionReport): string {
  if (management.length === 0) return "";
  const told = management.map((used) => {
    const { method, path, fate, target } = used;
    const [, below = path] = /Microsoft\.Batch(.*)/.exec(path) ?? [];
    const title = indented(`${fate} in ${target}: ${method} …${below}`, 2);
    const inBodies = used.findings.map(
      (finding) =>
        indented(managementTitle(finding), 4) +
        details(finding)
          .map(([label, text]) => labelled(label, text, 6, 9))
          .join(""),
    );
    return (
      title +
      managementLines(used)
        .map(([label, text]) => labelled(label, text, 4, 9))
        .join("") +
      inBodies.join("")
    );
  });
  return `Resource Manager\n${told.join("")}\n`;
}

function unchanged({ findings }: VersionReport): string {
  const same = findings.filter(({ fate }) => fate === "unchanged");
  const count = (kind: string, one: string, many: string) => {
    const number = new Set(same.filter((one) => one.kind === kind).map(({ name }) => name)).size;
    return number === 0 ? [] : [`${number} ${number === 1 ? one : many}`];
  };
  const counts = [
    ...count("operation", "operation", "operations"),
    ...count("property", "property", "properties"),
    ...count("value", "word of an enum", "words of enums"),
    ...count("selected", "selected field", "selected fields"),
  ];
  return counts.length === 0 ? "" : `Unchanged\n${indented(counts.join(", "), 2)}\n`;
}

function methods(report: VersionReport): string {
  const isOld = report.findings.some(({ kind, fate }) => kind === "api-version" && fate !== "unchanged");
  const languages = languagesOf(report);
  if (!isOld || languages.length === 0) return "";
  const told = report.operations.map(({ operation, count, methods: names }) => {
    const title = indented(`${operation}, ${count === 1 ? "once" : `${count} times`}`, 2);
    const lines = languages.map((language) =>
      labelled(language, methodLine(names[language]?.once, names[language]?.now), 4, 12),
    );
    return title + lines.join("");
  });
  return `Methods, before and now\n${told.join("")}\n`;
}
