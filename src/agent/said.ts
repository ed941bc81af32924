/** What an agent says about failures, fit for its link: a name of a program, of a file or of a package may be as long as tasks like. */
import { SAID_MAX_CHARACTERS } from "../wire/agent/frame.ts";
import type { FailureDetail, RunEnd } from "../wire/agent/messages.ts";

export function said(text: string): string {
  return text.length <= SAID_MAX_CHARACTERS ? text : `${text.slice(0, SAID_MAX_CHARACTERS - 1)}…`;
}

export function saidDetails(details: readonly FailureDetail[]): FailureDetail[] {
  return details.map(({ name, value }) => ({ name: said(name), value: said(value) }));
}

/** An end as it is told. */
export function saidEnd(end: RunEnd): RunEnd {
  if (end.kind === "failedToStart") return { ...end, ...saidFailure(end) };
  if (end.kind === "exited" && end.uploadFailure)
    return { ...end, uploadFailure: { ...end.uploadFailure, ...saidFailure(end.uploadFailure) } };
  return end;
}

function saidFailure(failure: { readonly message: string; readonly details?: readonly FailureDetail[] }) {
  const { message, details } = failure;
  return { message: said(message), ...(details && { details: saidDetails(details) }) };
}
