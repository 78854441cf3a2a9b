import type { ReactNode } from "react";
import classes from "./Facts.module.css";

type Props = {
  readonly facts: readonly (readonly [label: string, value: ReactNode])[];
  /** The values are numbers or single words, so that several stand side by side on a narrow screen too. */
  readonly short?: boolean;
};

/** What is known of one thing: labels and values. */
export function Facts({ facts, short = false }: Props) {
  return (
    <dl className={classes.facts} data-short={short || undefined}>
      {facts.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
