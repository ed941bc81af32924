/** What the commands ask Resource Manager about resource groups. */
import type { ManagementSession } from "../connect/management-session.ts";

const VERSION = "api-version=2021-04-01";

export interface Group {
  readonly id: string;
  readonly name: string;
  readonly location: string;
}

const groupsPath = ({ service }: ManagementSession) =>
  `/subscriptions/${service.subscriptionId}/resourcegroups`;

export async function listGroups(session: ManagementSession): Promise<readonly Group[]> {
  const path = `${groupsPath(session)}?${VERSION}`;
  return (await session.send<{ readonly value: readonly Group[] }>("GET", path)).value;
}

export function createGroup(session: ManagementSession, name: string, location: string): Promise<Group> {
  const path = `${groupsPath(session)}/${encodeURIComponent(name)}?${VERSION}`;
  return session.send<Group>("PUT", path, { location });
}

/** Resolves when the service has begun: what runs in the group takes its time to end. */
export async function deleteGroup(session: ManagementSession, name: string): Promise<void> {
  await session.send("DELETE", `${groupsPath(session)}/${encodeURIComponent(name)}?${VERSION}`);
}
