/** Draws the part of a timeline that is in sight onto a canvas. Knows no task but what the layout says of it. */
import { barsBetween, type Gantt } from "./gantt-layout.ts";

export const LANE_HEIGHT = 14;
export const AXIS_HEIGHT = 22;
const BAR_GAP = 2;
const LABEL_GAP = 6;

export interface View {
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
  readonly labels: number;
  readonly scrollTop: number;
  /** Milliseconds since the epoch. */
  readonly from: number;
  readonly to: number;
}

const COLOURS = {
  succeeded: "--colorStatusSuccessForeground3",
  failed: "--colorStatusDangerForeground3",
  running: "--colorCompoundBrandBackground",
  waiting: "--colorNeutralForeground3",
} as const;

export function drawGantt(canvas: HTMLCanvasElement, gantt: Gantt, view: View): void {
  const ratio = devicePixelRatio;
  canvas.width = Math.round(view.width * ratio);
  canvas.height = Math.round(view.height * ratio);
  const paint = canvas.getContext("2d");
  if (paint === null) return;
  const style = getComputedStyle(canvas);
  const colour = (name: string) => style.getPropertyValue(name);
  paint.scale(ratio, ratio);
  paint.font = `11px ${style.fontFamily}`;
  paint.textBaseline = "middle";
  drawAxis(paint, view, colour);
  paint.save();
  paint.beginPath();
  paint.rect(0, AXIS_HEIGHT, view.width, view.height - AXIS_HEIGHT);
  paint.clip();
  drawBars(paint, gantt, view, colour);
  drawNodes(paint, gantt, view, colour);
  paint.restore();
}

type Colour = (name: string) => string;

/** Where a time stands, in CSS pixels from the left. */
export const xOf = ({ width, labels, from, to }: View, time: number): number =>
  labels + ((time - from) / (to - from)) * (width - labels);

function drawBars(paint: CanvasRenderingContext2D, { lanes }: Gantt, view: View, colour: Colour): void {
  const fills = Object.fromEntries(
    Object.entries(COLOURS).map(([outcome, name]) => [outcome, colour(name)]),
  ) as Record<keyof typeof COLOURS, string>;
  const first = Math.max(0, Math.floor(view.scrollTop / LANE_HEIGHT));
  const last = Math.min(lanes.length, Math.ceil((view.scrollTop + view.height) / LANE_HEIGHT));
  for (let lane = first; lane < last; lane++) {
    const y = AXIS_HEIGHT + lane * LANE_HEIGHT - view.scrollTop;
    for (const bar of barsBetween(lanes[lane] ?? [], view.from, view.to)) {
      const left = Math.max(view.labels, xOf(view, bar.start));
      // However short it was, it can be seen.
      const width = Math.max(1, Math.min(view.width, xOf(view, bar.end)) - left);
      paint.fillStyle = fills[bar.task.outcome];
      paint.fillRect(left, y + BAR_GAP / 2, width > 3 ? width - 1 : width, LANE_HEIGHT - BAR_GAP);
    }
  }
}

function drawNodes(paint: CanvasRenderingContext2D, { nodes }: Gantt, view: View, colour: Colour): void {
  paint.fillStyle = colour("--colorNeutralBackground1");
  paint.fillRect(0, AXIS_HEIGHT, view.labels, view.height);
  for (const { node, first, count } of nodes) {
    const y = AXIS_HEIGHT + first * LANE_HEIGHT - view.scrollTop;
    if (y > view.height || y + count * LANE_HEIGHT < AXIS_HEIGHT) continue;
    paint.strokeStyle = colour("--colorNeutralStroke2");
    paint.strokeRect(-1, y, view.width + 2, count * LANE_HEIGHT);
    paint.fillStyle = colour("--colorNeutralForeground2");
    paint.fillText(fitted(paint, node, view.labels - 2 * LABEL_GAP), LABEL_GAP, y + LANE_HEIGHT / 2);
  }
}

/** Its end tells nodes of a pool apart. */
function fitted(paint: CanvasRenderingContext2D, text: string, width: number): string {
  if (paint.measureText(text).width <= width) return text;
  let end = text;
  while (end.length > 4 && paint.measureText(`…${end}`).width > width) end = end.slice(1);
  return `…${end}`;
}

const TICKS_S = [1, 2, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200, 21_600, 43_200, 86_400, 604_800];
const TICK_WIDTH = 90;
const TICK_GAP = 3;

function drawAxis(paint: CanvasRenderingContext2D, view: View, colour: Colour): void {
  const span = (view.to - view.from) / 1_000;
  const most = Math.max(1, (view.width - view.labels) / TICK_WIDTH);
  const step = (TICKS_S.find((seconds) => span / seconds <= most) ?? span) * 1_000;
  const format = new Intl.DateTimeFormat(
    undefined,
    step >= 43_200_000 ? { dateStyle: "short" } : { timeStyle: "medium" },
  );
  paint.fillStyle = colour("--colorNeutralForeground2");
  paint.strokeStyle = colour("--colorNeutralStroke2");
  for (let time = Math.ceil(view.from / step) * step; time <= view.to; time += step) {
    const x = xOf(view, time);
    paint.beginPath();
    paint.moveTo(x, AXIS_HEIGHT - 4);
    paint.lineTo(x, view.height);
    paint.stroke();
    const text = format.format(time);
    const { width } = paint.measureText(text);
    // At the right edge a label stands before its line, so that all of it is seen.
    paint.fillText(
      text,
      x + TICK_GAP + width > view.width ? x - TICK_GAP - width : x + TICK_GAP,
      AXIS_HEIGHT / 2,
    );
  }
}
