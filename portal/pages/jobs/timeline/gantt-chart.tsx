/** Nodes and time, a bar a task, coloured by how it went. Only what is in sight is drawn, however much there is. */
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { ActionButton } from "../../../parts/action-button.tsx";
import { type Bar, barsBetween, type Gantt } from "./gantt-layout.ts";
import { AXIS_HEIGHT, drawGantt, LANE_HEIGHT, type View } from "./gantt-picture.ts";

interface Props {
  readonly gantt: Gantt;
  onOpen(task: string): void;
}

const LABELS = 150;
const LABELS_NARROW = 70;
const NARROW = 560;
const HEIGHT_MAX = 560;
/** Pixels around a bar that count as the bar. */
const NEAR = 3;
const OUTCOMES = ["running", "succeeded", "failed"];
/** Shorter a look is not, in milliseconds. */
const SPAN_MIN = 50;

export function GanttChart({ gantt, onOpen }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [span, setSpan] = useState<{ readonly from: number; readonly to: number }>();
  const [hint, setHint] = useState<{ readonly bar: Bar; readonly x: number; readonly y: number }>();
  const { from, to } = span ?? gantt;
  const height = Math.min(HEIGHT_MAX, AXIS_HEIGHT + Math.max(3, gantt.lanes.length) * LANE_HEIGHT + 2);
  const viewNow = useCallback((): View => {
    const { clientWidth: width = 0, scrollTop = 0 } = frame.current ?? {};
    return { width, height, labels: width < NARROW ? LABELS_NARROW : LABELS, scrollTop, from, to };
  }, [from, to, height]);
  const draw = useCallback(() => {
    if (canvas.current) drawGantt(canvas.current, gantt, viewNow());
  }, [gantt, viewNow]);
  useLayoutEffect(draw, [draw]);
  useRedraw(frame, draw);
  const barAt = ({ offsetX, offsetY }: { readonly offsetX: number; readonly offsetY: number }) => {
    const view = viewNow();
    const lane = gantt.lanes[Math.floor((offsetY - AXIS_HEIGHT + view.scrollTop) / LANE_HEIGHT)];
    if (lane === undefined || offsetX < view.labels || offsetY < AXIS_HEIGHT) return undefined;
    const time = (x: number) => from + ((x - view.labels) / (view.width - view.labels)) * (to - from);
    return barsBetween(lane, time(offsetX - NEAR), time(offsetX + NEAR))[0];
  };
  const zoom = (by: number, shift = 0) => {
    const half = Math.max(SPAN_MIN, ((to - from) / 2) * by);
    const middle = (from + to) / 2 + shift * (to - from);
    setSpan({ from: Math.max(gantt.from, middle - half), to: Math.min(gantt.to, middle + half) });
  };
  return (
    <>
      <div className="section-actions">
        <ActionButton name="Zoom in" onPress={() => zoom(0.5)} />
        <ActionButton name="Zoom out" isDisabled={span === undefined} onPress={() => zoom(2)} />
        <ActionButton name="Earlier" isDisabled={from <= gantt.from} onPress={() => zoom(1, -0.5)} />
        <ActionButton name="Later" isDisabled={to >= gantt.to} onPress={() => zoom(1, 0.5)} />
        <ActionButton name="All of it" isDisabled={span === undefined} onPress={() => setSpan(undefined)} />
      </div>
      <div ref={frame} className="gantt" style={{ height }} onScroll={draw}>
        <canvas
          ref={canvas}
          role="img"
          aria-label={`${gantt.nodes.length} nodes in ${gantt.lanes.length} lanes, from ${new Date(from).toISOString()} to ${new Date(to).toISOString()}`}
          style={{ height }}
          data-hint={hint !== undefined}
          onPointerMove={({ nativeEvent }) => {
            const bar = barAt(nativeEvent);
            setHint(bar && { bar, x: nativeEvent.offsetX, y: nativeEvent.offsetY });
          }}
          onPointerLeave={() => setHint(undefined)}
          onClick={({ nativeEvent }) => {
            const bar = barAt(nativeEvent);
            if (bar) onOpen(bar.task.id);
          }}
        />
        <div style={{ height: Math.max(0, gantt.lanes.length * LANE_HEIGHT + AXIS_HEIGHT - height) }} />
      </div>
      <p className="links kind">
        {OUTCOMES.map((outcome) => (
          <span key={outcome} className="state" data-line={outcome}>
            {outcome}
          </span>
        ))}
      </p>
      <p className="kind" aria-live="off">
        {hint ? described(hint.bar) : "Point at a bar to see its task; press it to open the task."}
      </p>
    </>
  );
}

const SECOND_MS = 1_000;

function described({ task, start, end }: Bar): string {
  const seconds = ((end - start) / SECOND_MS).toFixed(1);
  return `${task.id} on ${task.node}: ${task.outcome}, ${seconds} s from ${new Date(start).toLocaleTimeString()}`;
}

/** Sizes and colours change without React hearing of it. */
function useRedraw(frame: React.RefObject<HTMLElement | null>, draw: () => void): void {
  useEffect(() => {
    const sizes = new ResizeObserver(draw);
    if (frame.current) sizes.observe(frame.current);
    const themes = new MutationObserver(draw);
    themes.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    const system = matchMedia("(prefers-color-scheme: dark)");
    system.addEventListener("change", draw);
    return () => {
      sizes.disconnect();
      themes.disconnect();
      system.removeEventListener("change", draw);
    };
  }, [frame, draw]);
}
