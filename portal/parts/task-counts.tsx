/** How the tasks of a job stand, live: the figures, and one bar. */
import { useQuery } from "@tanstack/react-query";
import { batchOf } from "../api/batch.ts";
import { live } from "../queries.ts";

export const useTaskCounts = (account: string, job: string, isLive = true) =>
  useQuery(
    live({
      queryKey: ["job-counts", account, job],
      queryFn: async () => (await batchOf(account).jobCounts(job)).taskCounts,
      isLive: () => isLive,
    }),
  );

interface Props {
  readonly account: string;
  readonly job: string;
  readonly isLive?: boolean;
}

export function TaskCounts({ account, job, isLive = true }: Props) {
  const { data } = useTaskCounts(account, job, isLive);
  if (data === undefined) return <span className="progress" />;
  const { active, running, succeeded, failed } = data;
  const total = active + running + succeeded + failed;
  const text = `${succeeded + failed} of ${total}${failed > 0 ? `, ${failed} failed` : ""}`;
  return (
    <span className="task-counts">
      <ProgressBarOf parts={{ succeeded, failed, running, active }} />
      <span>{text}</span>
    </span>
  );
}

const SCALE = 1_000;

export function ProgressBarOf({ parts }: { readonly parts: Readonly<Record<string, number>> }) {
  const entries = Object.entries(parts);
  const total = entries.reduce((sum, [, count]) => sum + count, 0) || 1;
  const label = entries.map(([name, count]) => `${count} ${name}`).join(", ");
  return (
    <span className="progress" role="img" aria-label={label} title={label}>
      {entries.map(([name, count]) => (
        <span key={name} data-part={name} style={{ flexGrow: Math.round((count / total) * SCALE) }} />
      ))}
    </span>
  );
}
