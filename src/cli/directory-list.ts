/** Lists of the directory: all their pages, from Microsoft Graph. */
import type { ManagementSession } from "./connect/management-session.ts";

interface Page<Entry> {
  readonly value: readonly Entry[];
  readonly "@odata.nextLink"?: string;
}

export async function directoryList<Entry>(session: ManagementSession, path: string): Promise<Entry[]> {
  const found: Entry[] = [];
  let next: string | undefined = path;
  while (next !== undefined) {
    const page: Page<Entry> = await session.send("GET", next);
    found.push(...page.value);
    const link = page["@odata.nextLink"];
    next = link?.slice(link.indexOf("/v1.0/") + "/v1.0".length);
  }
  return found;
}
