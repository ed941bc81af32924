/** A pool's nodes as squares, coloured by state; each says how much it runs. */
import { memo, useRef } from "react";
import type { models } from "../../api/batch.ts";
import { EmptyList } from "../../parts/list/empty-list.tsx";

interface Props {
  readonly pool: string;
  readonly nodes: readonly models.ComputeNode[];
  readonly chosen: string | undefined;
  onChoose(id: string): void;
}

export function NodeMap({ pool, nodes, chosen, onChoose }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const states = Object.entries(Object.groupBy(nodes, ({ state = "unknown" }) => state));
  // One stop for the Tab key; the arrow keys go on from there.
  const first = nodes.some(({ id }) => id === chosen) ? chosen : nodes[0]?.id;
  const move = (event: React.KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const squares = [...(place.current?.querySelectorAll<HTMLButtonElement>("button") ?? [])];
    squares[squares.indexOf(document.activeElement as HTMLButtonElement) + step]?.focus();
  };
  if (nodes.length === 0)
    return (
      <EmptyList
        text="This pool has no nodes now. Its tasks wait until it is resized."
        command={`az batch pool resize --pool-id ${pool} --target-dedicated-nodes 1`}
      />
    );
  return (
    <>
      <p className="links">
        {states.map(([state, those]) => (
          <span key={state} className="state" data-node={state}>
            {those?.length} {state}
          </span>
        ))}
      </p>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms */}
      <div ref={place} className="node-map" role="group" aria-label="Nodes by state" onKeyDown={move}>
        {nodes.map(({ id = "", state, runningTasksCount = 0 }) => (
          <Square
            key={id}
            {...{ id, onChoose }}
            state={state ?? "unknown"}
            running={runningTasksCount}
            isChosen={id === chosen}
            isFirst={id === first}
          />
        ))}
      </div>
    </>
  );
}

interface SquareProps {
  readonly id: string;
  readonly state: string;
  readonly running: number;
  readonly isChosen: boolean;
  readonly isFirst: boolean;
  onChoose(id: string): void;
}

const Square = memo(
  ({ id, state, running, isChosen, isFirst, onChoose }: SquareProps) => (
    <button
      type="button"
      data-node={state}
      aria-pressed={isChosen}
      aria-label={`${id}: ${state}, ${running} running tasks`}
      title={`${id}: ${state}, ${running} running tasks`}
      tabIndex={isFirst ? 0 : -1}
      onClick={() => onChoose(id)}
    >
      {running > 0 ? running : ""}
    </button>
  ),
  (before, after) =>
    before.id === after.id &&
    before.state === after.state &&
    before.running === after.running &&
    before.isChosen === after.isChosen &&
    before.isFirst === after.isFirst,
);
