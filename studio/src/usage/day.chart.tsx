import { useState } from 'preact/hooks';

const WIDTH = 320;
const HEIGHT = 132;
const TOP = 16;
const BOTTOM = 18;
const GRID = [0.5, 1] as const;

/** A day and its value. */
export interface DayValue {
  readonly day: string;
  readonly value: number;
}

interface DayChartProps {
  readonly title: string;
  readonly values: readonly DayValue[];
  readonly format: (value: number) => string;
}

/** A bar for each day. The table below the charts has the same numbers. */
export function DayChart({ title, values, format }: DayChartProps) {
  const [active, setActive] = useState<DayValue>();
  const max = Math.max(...values.map(({ value }) => value), 0);
  const sum = values.reduce((total, { value }) => total + value, 0);
  const step = WIDTH / Math.max(values.length, 1);
  const height = HEIGHT - TOP - BOTTOM;
  const heightOf = (value: number) => (max === 0 ? 0 : (value / max) * height);
  const first = values[0]?.day ?? '';
  const last = values.at(-1)?.day ?? '';
  return (
    <figure class="card chart">
      <figcaption>
        <h2>{title}</h2>
        <strong>{active === undefined ? format(sum) : format(active.value)}</strong>
        <span class="muted">{active === undefined ? 'in all' : active.day}</span>
      </figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={`${title} by day, ${format(sum)} in all`}>
        {max > 0 &&
          GRID.map((share) => (
            <g key={share} class="chart-grid">
              <line x1="0" x2={WIDTH} y1={TOP + height * (1 - share)} y2={TOP + height * (1 - share)} />
              <text x="0" y={TOP + height * (1 - share) - 4}>
                {format(max * share)}
              </text>
            </g>
          ))}
        <line class="chart-base" x1="0" x2={WIDTH} y1={TOP + height} y2={TOP + height} />
        {values.map((each, index) => (
          <g key={each.day} onMouseEnter={() => setActive(each)} onMouseLeave={() => setActive(undefined)}>
            <rect class="chart-hit" x={index * step} y={TOP} width={step} height={height} />
            <rect
              class="chart-bar"
              x={index * step + step * 0.15}
              y={TOP + height - heightOf(each.value)}
              width={step * 0.7}
              height={heightOf(each.value)}
              rx={Math.min(3, step * 0.2)}
            />
          </g>
        ))}
        <text class="chart-label" x="0" y={HEIGHT - 6}>
          {first}
        </text>
        {last !== first && (
          <text class="chart-label" x={WIDTH} y={HEIGHT - 6} text-anchor="end">
            {last}
          </text>
        )}
      </svg>
    </figure>
  );
}
