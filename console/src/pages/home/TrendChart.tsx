import { useElementSize } from "@mantine/hooks";
import { formatDate, formatNumber } from "../../ui/format-time.ts";
import type { TrendDay } from "./daily-trend.ts";
import classes from "./TrendChart.module.css";

type Props = { readonly trend: readonly TrendDay[]; readonly height: number };

const margin = { top: 10, right: 40, bottom: 24, left: 48 };
const barWidth = 10;

/**
 * Users as an area, on the scale at the left; who was created and deactivated as bars, on the scale at the right. Drawn by hand, because a chart
 * library is larger than the whole first load.
 */
export function TrendChart({ trend, height }: Props) {
  const { ref, width } = useElementSize();
  const last = trend.at(-1);
  return (
    <figure className={classes.figure}>
      <div
        ref={ref}
        role="img"
        aria-label={`Chart of ${trend.length} days; ${formatNumber(last?.users ?? 0)} users on the last. The table has the numbers.`}
        style={{ height: height - 28 }}
      >
        {width > 0 && <Drawing trend={trend} width={width} height={height - 28} />}
      </div>
      <figcaption className={classes.keys} aria-hidden>
        <span data-key="users">Users</span>
        <span data-key="created">Created</span>
        <span data-key="deactivated">Deactivated</span>
      </figcaption>
    </figure>
  );
}

function Drawing({ trend, width, height }: Props & { readonly width: number }) {
  const bottom = height - margin.bottom;
  const step = (width - margin.left - margin.right) / trend.length;
  const x = (index: number) => margin.left + step * (index + 0.5);
  const most = niceTop(Math.max(...trend.map(({ users }) => users ?? 0)));
  const mostChanges = niceTop(Math.max(...trend.flatMap(({ created, deactivated }) => [created, deactivated])));
  const y = (value: number, top: number) => bottom - (value / top) * (bottom - margin.top);
  const known = trend.flatMap(({ users }, index) => (users === null ? [] : [{ users, at: x(index) }]));
  const line = known.map(({ users, at }) => `${at},${y(users, most)}`).join(" ");
  const everyNth = Math.ceil((trend.length * 56) / Math.max(1, width - margin.left - margin.right));
  const offset = Math.min(barWidth, step / 3);
  return (
    <svg width={width} height={height} aria-hidden="true">
      {[0, 0.5, 1].map((part) => (
        <g key={part}>
          <line x1={margin.left} x2={width - margin.right} y1={y(part, 1)} y2={y(part, 1)} className={classes.grid} />
          <text x={margin.left - 8} y={y(part, 1) + 4} textAnchor="end" className={classes.label}>
            {formatNumber(most * part)}
          </text>
          <text x={width - margin.right + 8} y={y(part, 1) + 4} className={classes.label}>
            {formatNumber(mostChanges * part)}
          </text>
        </g>
      ))}
      <polygon points={`${known[0]?.at},${bottom} ${line} ${known.at(-1)?.at},${bottom}`} className={classes.area} />
      <polyline points={line} className={classes.line} />
      {known.length === 1 && (
        <circle cx={known[0]?.at} cy={y(known[0]?.users ?? 0, most)} r={3} className={classes.line} />
      )}
      {trend.map(({ day, users, created, deactivated }, index) => (
        <g key={day}>
          <title>{`${formatDate(day)}: ${users === null ? "users not known" : `${formatNumber(users)} users`}, ${formatNumber(created)} created, ${formatNumber(deactivated)} deactivated`}</title>
          <rect x={x(index) - step / 2} width={step} y={margin.top} height={bottom - margin.top} fill="transparent" />
          <Column
            x={x(index) - offset}
            width={offset - 1}
            top={y(created, mostChanges)}
            bottom={bottom}
            kind="created"
          />
          <Column
            x={x(index) + 1}
            width={offset - 1}
            top={y(deactivated, mostChanges)}
            bottom={bottom}
            kind="deactivated"
          />
          {(trend.length - 1 - index) % everyNth === 0 && (
            <text x={x(index)} y={height - 6} textAnchor="middle" className={classes.label}>
              {formatDate(day).slice(0, 6).trim()}
            </text>
          )}
        </g>
      ))}
    </svg>
  );
}

type ColumnProps = {
  readonly x: number;
  readonly width: number;
  readonly top: number;
  readonly bottom: number;
  readonly kind: "created" | "deactivated";
};

function Column({ x, width, top, bottom, kind }: ColumnProps) {
  const height = bottom - top;
  if (height <= 0) return null;
  // What is more than nothing is to be seen.
  const shown = Math.max(2, height);
  return <rect x={x} width={width} y={bottom - shown} height={shown} rx={2} className={classes[kind]} />;
}

/** The next round number of which the half is whole too. */
function niceTop(value: number): number {
  if (value <= 2) return 2;
  const size = 10 ** Math.floor(Math.log10(value));
  const top = [1, 2, 4, 5, 6, 8, 10].map((factor) => factor * size).find((each) => each >= value) ?? value;
  return top % 2 === 0 ? top : top + 1;
}
