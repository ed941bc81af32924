/** Who a request came from, by name where the directory gives one. */
import { useQuery } from "@tanstack/react-query";
import type { AuditEntry } from "../../api/access.ts";
import { objectsByIds } from "../../api/directory.ts";

const NOBODY: ReadonlyMap<string, string> = new Map();

export function useCallerNames(entries: readonly AuditEntry[] = []): ReadonlyMap<string, string> {
  const ids = [...new Set(entries.flatMap(({ caller }) => caller.principalId ?? []))].sort();
  const { data = NOBODY } = useQuery({
    queryKey: ["names", ...ids],
    queryFn: async (): Promise<ReadonlyMap<string, string>> =>
      new Map((await objectsByIds(ids)).map(({ id, displayName }) => [id, displayName ?? id] as const)),
    enabled: ids.length > 0,
    staleTime: 60_000,
    placeholderData: (before: ReadonlyMap<string, string> | undefined) => before,
  });
  return data;
}

export function callerName(caller: AuditEntry["caller"], names: ReadonlyMap<string, string>): string {
  const { principalId, task, from } = caller;
  if (principalId !== null) return names.get(principalId) ?? principalId;
  if (task) return `task ${task.taskId} of job ${task.jobId}`;
  return from ?? "a holder of the account's key";
}
