/** A few lines over time: with their scale, their names, and the values under the pointer. Drawn as SVG, at most some hundred points a line. */
import { useState } from "react";
import { niceScale } from "./nice-scale.ts";

export interface Line {
  readonly name: string;
  /** Chooses its colour: succeeded, failed, running, active. */
  readonly part: string;
  /** NaN where nothing is known. */
  readonly values: readonly number[];
}

interface Props {
  readonly label: string;
  /** Milliseconds since the epoch. */
  readonly times: readonly number[];
  readonly lines: readonly Line[];
}

/** Of the drawing; it is scaled to the place that it has. */
const WIDTH = 600;
const HEIGHT = 150;

const CLOCK = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });
const ROUND = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });

const isKnown = (value: number): boolean => !Number.isNaN(value);

export function LineChart({ label, times, lines }: Props) {
  const [pointed, setPointed] = useState<number>();
  const scale = niceScale(Math.max(0, ...lines.flatMap(({ values }) => values.filter(isKnown))));
  const last = times.length - 1;
  const shown = pointed === undefined || pointed > last ? last : pointed;
  const x = (index: number) => (last <= 0 ? WIDTH : (index / last) * WIDTH);
  const y = (value: number) => HEIGHT - (value / scale.top) * HEIGHT;
  return (
    <figure className="card wide chart">
      <figcaption>
        <h3>{label}</h3>
        <span className="links">
          {lines.map(({ name, part, values }) => (
            <span key={name} className="state" data-line={part}>
              {name}: {isKnown(values[shown] ?? 0) ? ROUND.format(values[shown] ?? 0) : "–"}
            </span>
          ))}
        </span>
      </figcaption>
      <div className="chart-body">
        <div className="chart-scale" aria-hidden="true">
          {scale.ticks.toReversed().map((tick) => (
            <span key={tick}>{ROUND.format(tick)}</span>
          ))}
        </div>
        <svg
          role="img"
          aria-label={`${label}: ${lines.map(({ name, values }) => `${name} ${ROUND.format(values.at(-1) ?? 0)}`).join(", ")} at the end`}
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          preserveAspectRatio="none"
          onPointerMove={({ nativeEvent: { offsetX }, currentTarget: { clientWidth } }) =>
            setPointed(Math.round((offsetX / clientWidth) * last))
          }
          onPointerLeave={() => setPointed(undefined)}
        >
          {scale.ticks.map((tick) => (
            <line key={tick} className="chart-grid" x1={0} x2={WIDTH} y1={y(tick)} y2={y(tick)} />
          ))}
          {lines.map(({ name, part, values }) => (
            <polyline
              key={name}
              data-line={part}
              points={values
                .flatMap((value, index) =>
                  isKnown(value) ? [`${x(index).toFixed(1)},${y(value).toFixed(1)}`] : [],
                )
                .join(" ")}
            />
          ))}
          {pointed !== undefined && (
            <line className="chart-at" x1={x(shown)} x2={x(shown)} y1={0} y2={HEIGHT} />
          )}
        </svg>
      </div>
      <p className="kind chart-times">
        <span>{times[0] !== undefined && CLOCK.format(times[0])}</span>
        {pointed !== undefined && times[shown] !== undefined && <strong>{CLOCK.format(times[shown])}</strong>}
        <span>{times[last] !== undefined && CLOCK.format(times[last])}</span>
      </p>
    </figure>
  );
}
