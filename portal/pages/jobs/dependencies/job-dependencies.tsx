/** What a job's tasks depend on: all of them while they are few, else the neighbourhood of one. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { batchOf, type models } from "../../../api/batch.ts";
import { useListSearch, useSetListSearch } from "../../../parts/list/list-filter.tsx";
import { RefusalNotice } from "../../../parts/refusal-notice.tsx";
import { StateBadge } from "../../../parts/state-badge.tsx";
import { TextBox } from "../../../parts/text-box.tsx";
import { live } from "../../../queries.ts";
import { WaitingReasons } from "../../tasks/waiting-reasons.tsx";
import { DependencyGraph } from "./dependency-graph.tsx";
import {
  type DependentTask,
  dependencyPicture,
  neighbourhood,
  resolvedDependencies,
} from "./dependency-layout.ts";

/** Up to so many tasks are drawn, all of them. */
const DRAWN_MAX = 2_000;
/** Up to so many are looked through for those around one. */
const LOADED_MAX = 10_000;
const PAGE = 1_000;
const NEAR = { steps: 3, most: 200 };
const SELECT = "id,state,dependsOn,executionInfo/result";

interface Props {
  readonly account: string;
  readonly job: string;
  readonly isLive: boolean;
}

export function JobDependencies({ account, job, isLive }: Props) {
  const { selected } = useListSearch();
  const set = useSetListSearch();
  const { data, error } = useQuery(
    live({
      queryKey: ["dependencies", account, job],
      queryFn: () => dependentTasks(account, job),
      isLive: (seen) => isLive && (seen?.tasks.length ?? 0) <= DRAWN_MAX,
    }),
  );
  const isWhole = data !== undefined && !data.isPart && data.tasks.length <= DRAWN_MAX;
  const picture = useMemo(() => {
    if (data === undefined) return undefined;
    if (isWhole) return dependencyPicture(data.tasks);
    return selected === undefined
      ? undefined
      : dependencyPicture(neighbourhood(data.tasks, selected, NEAR.steps, NEAR.most));
  }, [data, isWhole, selected]);
  const chosen = data?.tasks.find(({ id }) => id === selected);
  return (
    <section className="section" aria-label="Dependencies">
      <h2>Dependencies</h2>
      <RefusalNotice error={error} />
      {data && !isWhole && <Around onChoose={(id) => set({ selected: id })} isPart={data.isPart} />}
      {chosen && (
        <div className="card wide">
          <h3>{chosen.id}</h3>
          <p>
            <StateBadge state={chosen.state} />{" "}
            <Link to="/accounts/$account/jobs/$job/tasks/$task" params={{ account, job, task: chosen.id }}>
              Open the task
            </Link>
          </p>
          {chosen.state === "active" && <WaitingReasons {...{ account, job }} task={chosen.id} />}
        </div>
      )}
      {picture && picture.edges.length === 0 && isWhole && (
        <p className="nothing">No task of this job depends on another.</p>
      )}
      {picture && (picture.edges.length > 0 || !isWhole) && (
        <DependencyGraph picture={picture} chosen={selected} onChoose={(id) => set({ selected: id })} />
      )}
    </section>
  );
}

function Around({ onChoose, isPart }: { readonly isPart: boolean; onChoose(id: string): void }) {
  const [id, setId] = useState("");
  return (
    <form
      className="list-filter"
      onSubmit={(event) => {
        event.preventDefault();
        if (id.trim() !== "") onChoose(id.trim());
      }}
    >
      <TextBox
        label="Around the task"
        value={id}
        onChange={setId}
        description={
          isPart
            ? `The service lists no task's dependents: those are shown that stand among the first ${LOADED_MAX.toLocaleString()} tasks.`
            : `There are more than ${DRAWN_MAX.toLocaleString()} tasks: what is up to ${NEAR.steps} steps from one is drawn.`
        }
      />
      <button type="submit" className="button">
        Show
      </button>
    </form>
  );
}

interface Loaded {
  readonly tasks: readonly DependentTask[];
  readonly isPart: boolean;
}

async function dependentTasks(account: string, job: string): Promise<Loaded> {
  const list = batchOf(account).tasks(job);
  const tasks: models.CloudTask[] = [];
  let next: string | undefined;
  do {
    const page = await list({ $select: SELECT, maxresults: PAGE }, next);
    tasks.push(...page.value);
    next = page.next;
  } while (next && tasks.length < LOADED_MAX);
  const numbers = tasks.flatMap(({ id = "" }) => (/^\d{1,10}$/.test(id) ? [Number(id)] : []));
  return {
    isPart: next !== undefined,
    tasks: tasks.map(({ id = "", state, dependsOn, executionInfo }) => ({
      id,
      state: executionInfo?.result === "failure" ? "failed" : state,
      dependsOn: resolvedDependencies(dependsOn, numbers),
    })),
  };
}
