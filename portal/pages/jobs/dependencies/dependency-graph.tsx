/** A picture of what depends on what. Each task leads to its page; the arrow keys go from one to the next. */
import { useRef } from "react";
import type { DependencyPicture, PlacedTask } from "./dependency-layout.ts";

interface Props {
  readonly picture: DependencyPicture;
  readonly chosen: string | undefined;
  onChoose(task: string): void;
}

const BOX = { width: 132, height: 24 };
const STEP = { x: 190, y: 32 };
const MARGIN = 8;
/** More lines nobody tells apart. */
const EDGES_MAX = 20_000;
const LETTERS = 18;

const x = ({ column }: PlacedTask): number => MARGIN + column * STEP.x;
const y = ({ row }: PlacedTask): number => MARGIN + row * STEP.y;

export function DependencyGraph({ picture, chosen, onChoose }: Props) {
  const place = useRef<SVGSVGElement>(null);
  const { tasks, edges, columns, rows } = picture;
  const first = tasks.some(({ id }) => id === chosen) ? chosen : tasks[0]?.id;
  const width = columns * STEP.x + MARGIN;
  const height = rows * STEP.y + MARGIN;
  const move = (event: React.KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      const boxes = [...(place.current?.querySelectorAll<SVGGElement>("[data-task]") ?? [])];
      boxes[boxes.indexOf(document.activeElement as SVGGElement) + step]?.focus();
    }
  };
  return (
    <div className="dependency-graph">
      {/* biome-ignore lint/a11y/useSemanticElements: a picture of buttons, which no element is */}
      <svg ref={place} role="group" aria-label="Dependencies" width={width} height={height} onKeyDown={move}>
        {edges.slice(0, EDGES_MAX).map(({ from, to }) => (
          <path
            key={`${from.id} ${to.id}`}
            data-near={from.id === chosen || to.id === chosen}
            d={`M${x(from) + BOX.width} ${y(from) + BOX.height / 2} C${x(from) + STEP.x - 10} ${y(from) + BOX.height / 2} ${x(to) - 50} ${y(to) + BOX.height / 2} ${x(to)} ${y(to) + BOX.height / 2}`}
          />
        ))}
        {tasks.map((task) => (
          // biome-ignore lint/a11y/useSemanticElements: no button stands in an SVG
          <g
            key={task.id}
            role="button"
            data-task={task.state ?? "absent"}
            aria-label={`${task.id}: ${task.state ?? "the job has no such task"}`}
            aria-pressed={task.id === chosen}
            tabIndex={task.id === first ? 0 : -1}
            transform={`translate(${x(task)} ${y(task)})`}
            onClick={() => onChoose(task.id)}
            onKeyDown={({ key }) => {
              if (key === "Enter" || key === " ") onChoose(task.id);
            }}
          >
            <title>{`${task.id}: ${task.state ?? "the job has no such task"}`}</title>
            <rect width={BOX.width} height={BOX.height} rx={4} />
            <rect className="dependency-state" width={6} height={BOX.height} rx={3} />
            <text x={14} y={BOX.height / 2}>
              {task.id.length > LETTERS ? `${task.id.slice(0, LETTERS - 1)}…` : task.id}
            </text>
          </g>
        ))}
      </svg>
    </div>
  );
}
