/** What a pool that scales by a formula has, was to have, and needs: its own samples, of the last hour. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { batchOf, type models } from "../../api/batch.ts";
import { LineChart } from "../../parts/chart/line-chart.tsx";
import { RefusalNotice } from "../../parts/refusal-notice.tsx";
import { evaluatedVariables } from "./formula/formula-spans.ts";
import { SAMPLE_MS, SAMPLES_FORMULA, type SeenTarget, scalingOf } from "./scaling.ts";

interface Props {
  readonly account: string;
  readonly pool: models.CloudPool;
}

/** So many changes of the target are kept. */
const SEEN_MAX = 500;

export function ScalingChart({ account, pool }: Props) {
  const { id = "", targetDedicatedNodes = 0 } = pool;
  const [seen, setSeen] = useState<readonly SeenTarget[]>([]);
  useEffect(() => {
    setSeen((before) => [...before, { at: Date.now(), nodes: targetDedicatedNodes }].slice(-SEEN_MAX));
  }, [targetDedicatedNodes]);
  const { data, error, dataUpdatedAt } = useQuery({
    queryKey: ["pool-samples", account, id],
    queryFn: () => batchOf(account).poolEvaluate(id, SAMPLES_FORMULA),
    refetchInterval: SAMPLE_MS / 2,
  });
  const { times, needed, nodes, targets } = useMemo(
    () => scalingOf(evaluatedVariables(data?.results ?? ""), seen, dataUpdatedAt),
    [data, seen, dataUpdatedAt],
  );
  return (
    <section className="section" aria-label="Scaling">
      <h2>Target against need</h2>
      <RefusalNotice error={error} />
      {data && times.length === 0 && (
        <p className="nothing">The pool has no samples yet: one is taken every 30 seconds.</p>
      )}
      {times.length > 0 && (
        <LineChart
          label="Tasks that wait or run, and nodes"
          times={times}
          lines={[
            { name: "Tasks", part: "active", values: needed },
            { name: "Nodes", part: "running", values: nodes },
            { name: "Target", part: "succeeded", values: targets },
          ]}
        />
      )}
    </section>
  );
}
