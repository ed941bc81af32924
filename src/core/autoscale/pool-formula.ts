/**
 * A pool's formula: what it may read and write, and what its run asks of the pool. Source: the page "Create a formula to
 * automatically scale compute nodes in a Batch pool"; Azure Batch REST, "AutoScaleRun".
 */
import type { DeallocationOption } from "../lifecycle/pool-resize.ts";
import { formulaParse } from "./formula-parse.ts";
import { FormulaProblem } from "./formula-problem.ts";
import { formulaRun } from "./formula-run.ts";
import { type Sample, SampleSeries } from "./sample-series.ts";
import { double, string, type Value, valueText } from "./value.ts";

/** What is sampled, by the variable's name without its `$`. */
export type Figures = Readonly<Partial<Record<SampledVariable, number>>>;

export type SampledVariable = (typeof SAMPLED)[number];

const SAMPLED = [
  "CPUPercent",
  "ActiveTasks",
  "RunningTasks",
  "PendingTasks",
  "SucceededTasks",
  "FailedTasks",
  "TaskSlotsPerNode",
  "CurrentDedicatedNodes",
  "CurrentLowPriorityNodes",
  "PreemptedNodeCount",
  "UsableNodeCount",
] as const;

/** Properties of the pool, known at any time; the others are known by their samples. */
const PRESENT = new Set<SampledVariable>([
  "TaskSlotsPerNode",
  "CurrentDedicatedNodes",
  "CurrentLowPriorityNodes",
  "PreemptedNodeCount",
  "UsableNodeCount",
]);

export interface ScaledPool {
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly random: () => number;
  readonly present: Figures;
  /** Oldest first. */
  readonly samples: readonly { readonly at: number; readonly figures: Figures }[];
  readonly targets: ScaleTargets;
}

export interface ScaleTargets {
  readonly dedicated: number;
  readonly lowPriority: number;
  readonly deallocation: DeallocationOption;
}

/** Azure Batch REST, "AutoScaleRun". */
export interface FormulaRun {
  readonly timestamp: number;
  readonly results: string;
  readonly error?: {
    readonly code: string;
    readonly message: string;
    readonly values: readonly { readonly name: string; readonly value: string }[];
  };
  /** Undefined after an error: the pool stays as it is. */
  readonly targets?: ScaleTargets;
}

const DEDICATED = "$TargetDedicatedNodes";
const LOW_PRIORITY = "$TargetLowPriorityNodes";
const DEALLOCATION = "$NodeDeallocationOption";
const DEALLOCATION_OPTIONS: readonly string[] = ["requeue", "terminate", "taskcompletion", "retaineddata"];

/** @throws Fault AutoScalingFormulaTooLong; FormulaProblem AutoScalingFormulaSyntaxError; a run's own failure is in the result */
export function poolFormulaRun(formula: string, pool: ScaledPool): FormulaRun {
  const statements = formulaParse(formula);
  const before = new Map<string, Value>([
    [DEDICATED, double(pool.targets.dedicated)],
    [LOW_PRIORITY, double(pool.targets.lowPriority)],
    [DEALLOCATION, string("requeue")],
  ]);
  try {
    const written = formulaRun(statements, {
      now: pool.now,
      random: pool.random,
      metrics: seriesOf(pool),
      writable: before,
    });
    const after = new Map([...before, ...written]);
    return { timestamp: pool.now, results: resultsText(after), targets: targetsOf(after) };
  } catch (error) {
    if (!(error instanceof FormulaProblem)) throw error;
    return {
      timestamp: pool.now,
      results: resultsText(before),
      error: {
        code: error.code,
        message: "The autoscale formula could not be evaluated",
        values: [{ name: "Message", value: error.message }],
      },
    };
  }
}

function seriesOf({ samples, present }: ScaledPool): Map<string, SampleSeries> {
  return new Map(
    SAMPLED.map((name) => {
      const history: Sample[] = samples.flatMap(({ at, figures }) => {
        const value = figures[name];
        return value === undefined ? [] : [{ at, value }];
      });
      const now = PRESENT.has(name) ? present[name] : undefined;
      return [`$${name}`, new SampleSeries(`$${name}`, history, now, present[name])];
    }),
  );
}

/** The variables of the service first, then the formula's own by name. */
function resultsText(variables: ReadonlyMap<string, Value>): string {
  const first = [DEDICATED, LOW_PRIORITY, DEALLOCATION];
  const own = [...variables.keys()].filter((name) => !first.includes(name)).sort();
  return [...first, ...own]
    .map((name) => {
      const value = variables.get(name);
      return `${name}=${value ? valueText(value) : ""}`;
    })
    .join(";");
}

function targetsOf(variables: ReadonlyMap<string, Value>): ScaleTargets {
  const option = variables.get(DEALLOCATION);
  if (option?.type !== "string" || !DEALLOCATION_OPTIONS.includes(option.text)) {
    throw outcome(`${DEALLOCATION} must be one of ${DEALLOCATION_OPTIONS.join(", ")}`);
  }
  return {
    dedicated: nodesOf(DEDICATED, variables.get(DEDICATED)),
    lowPriority: nodesOf(LOW_PRIORITY, variables.get(LOW_PRIORITY)),
    deallocation: option.text as DeallocationOption,
  };
}

/** Whole nodes, never fewer than none. */
function nodesOf(name: string, value: Value | undefined): number {
  const number = value?.type === "metric" ? value.series.latest : value?.type === "double" && value.number;
  if (typeof number !== "number" || !Number.isFinite(number)) throw outcome(`${name} must be a number`);
  return Math.max(0, Math.floor(number));
}

function outcome(message: string): FormulaProblem {
  return new FormulaProblem("AutoScalingFormulaEvaluationError", { line: 1, column: 1 }, message);
}
