import { formatNumber } from "../ui/format-time.ts";
import classes from "./ShareBar.module.css";

export type Share = {
  readonly name: string;
  readonly label: string;
  readonly meaning: string;
  readonly count: number;
  readonly color: string;
};

/** Parts of a whole as a bar, and the same in words and numbers below it. Parts of zero are left out. */
export function ShareBar({ label, shares }: { readonly label: string; readonly shares: readonly Share[] }) {
  const shown = shares.filter(({ count }) => count > 0);
  const words = shown.map((share) => `${share.label} ${formatNumber(share.count)}`);
  return (
    <>
      <div className={classes.bar} role="img" aria-label={`${label}: ${words.join(", ")}`}>
        {shown.map(({ name, count, color }) => (
          <div key={name} className={classes.part} style={{ flexGrow: count, background: color }} />
        ))}
      </div>
      <ul className={classes.legend}>
        {shown.map((share) => (
          <li key={share.name}>
            <span className={classes.swatch} style={{ background: share.color }} aria-hidden />
            <span>
              <strong>{formatNumber(share.count)}</strong> {share.label.toLowerCase()}
            </span>
            <span className={classes.meaning}>{share.meaning}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
