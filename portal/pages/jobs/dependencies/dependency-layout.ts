/** Where tasks stand in a picture of what depends on what: each to the right of all that it depends on. Pure, and bounded by its callers. */

export interface DependentTask {
  readonly id: string;
  /** As a badge has it; undefined for a task that the job does not have. */
  readonly state: string | undefined;
  /** IDs, ranges resolved. */
  readonly dependsOn: readonly string[];
}

export interface PlacedTask extends DependentTask {
  readonly column: number;
  readonly row: number;
}

export interface DependencyPicture {
  readonly tasks: readonly PlacedTask[];
  readonly edges: readonly { readonly from: PlacedTask; readonly to: PlacedTask }[];
  readonly columns: number;
  readonly rows: number;
}

/** So often the rows are put in an order in which lines cross less. */
const SWEEPS = 2;

export function dependencyPicture(given: readonly DependentTask[]): DependencyPicture {
  const tasks = new Map(given.map((task) => [task.id, task]));
  const absent = new Set(given.flatMap(({ dependsOn }) => dependsOn).filter((id) => !tasks.has(id)));
  for (const id of absent) tasks.set(id, { id, state: undefined, dependsOn: [] });
  const columns = columnsOf(tasks);
  const byColumn = Map.groupBy(tasks.keys(), (id) => columns.get(id) ?? 0);
  const rows = new Map<string, number>();
  const ordered = [...byColumn.keys()]
    .sort((a, b) => a - b)
    .map((column) => (byColumn.get(column) ?? []).sort());
  for (const ids of ordered) number(ids, rows);
  for (let sweep = 0; sweep < SWEEPS; sweep++)
    for (const ids of ordered) orderByPredecessors(ids, tasks, rows);
  const placed = new Map(
    [...tasks.values()].map((task) => [
      task.id,
      { ...task, column: columns.get(task.id) ?? 0, row: rows.get(task.id) ?? 0 },
    ]),
  );
  const edges = [...placed.values()].flatMap((to) =>
    to.dependsOn.flatMap((id) => {
      const from = placed.get(id);
      return from ? [{ from, to }] : [];
    }),
  );
  return {
    tasks: [...placed.values()],
    edges,
    columns: ordered.length,
    rows: Math.max(0, ...ordered.map(({ length }) => length)),
  };
}

/** The longest way from a task that depends on nothing. Tasks that wait for each other in a ring stand behind all others. */
function columnsOf(tasks: ReadonlyMap<string, DependentTask>): ReadonlyMap<string, number> {
  const dependents = new Map<string, string[]>();
  const left = new Map<string, number>();
  for (const { id, dependsOn } of tasks.values()) {
    const own = new Set(dependsOn);
    left.set(id, own.size);
    for (const on of own) dependents.set(on, [...(dependents.get(on) ?? []), id]);
  }
  const columns = new Map<string, number>();
  const ready = [...tasks.keys()].filter((id) => left.get(id) === 0);
  for (const id of ready) columns.set(id, 0);
  let most = 0;
  for (let at = 0; at < ready.length; at++) {
    const id = ready[at] ?? "";
    const column = columns.get(id) ?? 0;
    most = Math.max(most, column);
    for (const dependent of dependents.get(id) ?? []) {
      columns.set(dependent, Math.max(columns.get(dependent) ?? 0, column + 1));
      const count = (left.get(dependent) ?? 0) - 1;
      left.set(dependent, count);
      if (count === 0) ready.push(dependent);
    }
  }
  for (const [id, count] of left) if (count > 0) columns.set(id, most + 1);
  return columns;
}

function orderByPredecessors(
  ids: string[],
  tasks: ReadonlyMap<string, DependentTask>,
  rows: Map<string, number>,
): void {
  const middle = new Map(
    ids.map((id) => {
      const before = (tasks.get(id)?.dependsOn ?? []).map((on) => rows.get(on) ?? 0);
      const own = rows.get(id) ?? 0;
      return [id, before.length === 0 ? own : before.reduce((sum, row) => sum + row, 0) / before.length];
    }),
  );
  ids.sort((a, b) => (middle.get(a) ?? 0) - (middle.get(b) ?? 0));
  number(ids, rows);
}

function number(ids: readonly string[], rows: Map<string, number>): void {
  for (const [row, id] of ids.entries()) rows.set(id, row);
}

/** The tasks within so many steps of one, before and behind it; at most `most`, the nearest first. */
export function neighbourhood(
  tasks: readonly DependentTask[],
  of: string,
  steps: number,
  most: number,
): readonly DependentTask[] {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const dependents = new Map<string, string[]>();
  for (const { id, dependsOn } of tasks)
    for (const on of dependsOn) {
      const known = dependents.get(on);
      if (known) known.push(id);
      else dependents.set(on, [id]);
    }
  const found = new Set<string>([of]);
  let edge = [of];
  for (let step = 0; step < steps && found.size < most; step++) {
    const next: string[] = [];
    for (const id of edge) {
      for (const near of [...(byId.get(id)?.dependsOn ?? []), ...(dependents.get(id) ?? [])]) {
        if (found.has(near) || found.size >= most) continue;
        found.add(near);
        next.push(near);
      }
    }
    edge = next;
  }
  // Lines to what is not in the picture are left out with it.
  return [...found].map((id) => {
    const task = byId.get(id) ?? { id, state: undefined, dependsOn: [] };
    return { ...task, dependsOn: task.dependsOn.filter((on) => found.has(on)) };
  });
}

/** @param ids of the tasks that there are: a range means those of them that are numbers in it */
export function resolvedDependencies(
  dependsOn:
    | {
        readonly taskIds?: readonly string[] | undefined;
        readonly taskIdRanges?: readonly { readonly start: number; readonly end: number }[] | undefined;
      }
    | undefined,
  numbers: readonly number[],
): readonly string[] {
  const ranged = (dependsOn?.taskIdRanges ?? []).flatMap(({ start, end }) =>
    numbers.filter((number) => number >= start && number <= end).map(String),
  );
  return [...new Set([...(dependsOn?.taskIds ?? []), ...ranged])];
}
