/** Circles of a graph of imports: its strongly connected parts of more than one file (Tarjan's algorithm). */

interface Visit {
  readonly order: number;
  lowest: number;
  isOpen: boolean;
}

/** @param graph from each file to what it imports; what is no file of the graph is passed over */
export function circles(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const visits = new Map<string, Visit>();
  const open: string[] = [];
  const found: string[][] = [];

  function visit(file: string): Visit {
    const own: Visit = { order: visits.size, lowest: visits.size, isOpen: true };
    visits.set(file, own);
    open.push(file);
    for (const imported of graph.get(file) ?? []) {
      if (!graph.has(imported)) continue;
      const other = visits.get(imported) ?? visit(imported);
      if (other.isOpen) own.lowest = Math.min(own.lowest, other.lowest);
    }
    if (own.lowest === own.order) close(file);
    return own;
  }

  function close(first: string): void {
    const part = open.splice(open.lastIndexOf(first));
    for (const file of part) (visits.get(file) as Visit).isOpen = false;
    if (part.length > 1) found.push(part.sort());
  }

  for (const file of graph.keys()) if (!visits.has(file)) visit(file);
  return found;
}
