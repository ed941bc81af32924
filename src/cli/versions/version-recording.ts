/** What programs use of their api-versions: a recording, begun and ended, and what the log has, over the service's own management addresses. */
import type { RecordedVersions, VersionReport } from "../../wire/versions/versions-api.ts";
import { type ManagementSession, managementSession, versionsPath } from "../connect/management-session.ts";
import { runningService } from "../service/running-service.ts";
import { reportMarkdown } from "./report-markdown.ts";
import { reportText } from "./report-text.ts";

/** A program has no end that is known; what is recorded after this is not. */
export const RECORDING_MAX_SECONDS = 86_400;

export interface RecordingStart {
  readonly seconds: number;
  readonly scope?: string | undefined;
  readonly principal?: string | undefined;
  readonly client?: string | undefined;
  /** The api-version to go to. */
  readonly to?: string | undefined;
}

export interface VersionRecording {
  /** Ends it. */
  stop(): Promise<VersionReport>;
}

/** @throws CommandError with the service's message */
export async function startVersionRecording(
  dataFolder: string,
  { to, scope, ...wanted }: RecordingStart,
): Promise<VersionRecording> {
  const service = await runningService(dataFolder);
  const start: ManagementSession = await managementSession(service, dataFolder);
  const { id } = await start.send<RecordedVersions>("POST", versionsPath("recordings", { to }), {
    scope: scope ?? `/subscriptions/${service.subscriptionId}`,
    ...wanted,
  });
  return {
    stop: async () => {
      // A token of its own: the first may have ended since.
      const end = await managementSession(service, dataFolder);
      const { report } = await end.send<RecordedVersions>("DELETE", versionsPath(`recordings/${id}`, { to }));
      return report;
    },
  };
}

export interface LogSpan {
  readonly scope?: string | undefined;
  readonly principal?: string | undefined;
  readonly client?: string | undefined;
  /** ISO 8601. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly to?: string | undefined;
}

/** Of what the service's audit log has. @throws CommandError with the service's message */
export async function loggedVersions(
  dataFolder: string,
  { scope, ...wanted }: LogSpan,
): Promise<VersionReport> {
  const service = await runningService(dataFolder);
  const session = await managementSession(service, dataFolder);
  const query = { scope: scope ?? `/subscriptions/${service.subscriptionId}`, ...wanted };
  return session.send<VersionReport>("GET", versionsPath("reports", query));
}

export function written(
  report: VersionReport,
  { json, markdown }: { readonly json: boolean; readonly markdown: boolean },
): string {
  if (json) return `${JSON.stringify(report)}\n`;
  return markdown ? reportMarkdown(report) : reportText(report);
}
