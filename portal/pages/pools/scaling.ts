/** How a pool's nodes, and what they are needed for, went over time: read from what a formula's evaluation tells. Pure. */

/** Reads the samples that formulas are evaluated by, and changes nothing: an evaluation is never applied. */
export const SAMPLES_FORMULA = [
  "$needed = $PendingTasks.GetSample(120);",
  "$nodes = $CurrentDedicatedNodes.GetSample(120);",
  "$TargetDedicatedNodes = $CurrentDedicatedNodes;",
].join("\n");

/** A sample is taken so often. Azure page "Automatically scale compute nodes in an Azure Batch pool". */
export const SAMPLE_MS = 30_000;

/** A pool's target, as it was seen. */
export interface SeenTarget {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly nodes: number;
}

export interface Scaling {
  readonly times: readonly number[];
  readonly needed: readonly number[];
  readonly nodes: readonly number[];
  /** NaN for times before the first that was seen. */
  readonly targets: readonly number[];
}

/** @param until when the samples were asked for */
export function scalingOf(
  variables: readonly (readonly [name: string, value: string])[],
  seen: readonly SeenTarget[],
  until: number,
): Scaling {
  const values = (name: string): number[] => {
    const text = variables.find(([each]) => each === name)?.[1] ?? "";
    return text
      .replace(/^\[|\]$/g, "")
      .split(",")
      .map((each) => (each.trim() === "" ? Number.NaN : Number(each)))
      .filter((each) => !Number.isNaN(each));
  };
  const [needed, nodes] = [values("$needed"), values("$nodes")];
  const count = Math.min(needed.length, nodes.length);
  const times = Array.from({ length: count }, (_, index) => until - (count - 1 - index) * SAMPLE_MS);
  return {
    times,
    needed: needed.slice(needed.length - count),
    nodes: nodes.slice(nodes.length - count),
    targets: times.map((time) => seen.findLast(({ at }) => at < time + SAMPLE_MS)?.nodes ?? Number.NaN),
  };
}
