/** The times at which a schedule makes its next jobs. */
import { TimeText } from "../../parts/time-text.tsx";
import { nextRuns, type ScheduleTimes } from "./schedule-runs.ts";

const SHOWN = 5;

interface Props {
  readonly times: ScheduleTimes;
  readonly first: string | undefined;
}

export function NextRuns({ times, first }: Props) {
  const runs = nextRuns(times, first, Date.now(), SHOWN);
  if (runs.length === 0) return <p className="nothing">It never runs.</p>;
  return (
    <ol className="next-runs">
      {runs.map((at) => (
        <li key={at.getTime()}>
          <TimeText at={at.toISOString()} />
        </li>
      ))}
    </ol>
  );
}
