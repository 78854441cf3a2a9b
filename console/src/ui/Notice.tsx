import { IconAlertTriangle, IconCircleCheck, IconCircleX, IconInfoCircle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import classes from "./Notice.module.css";
import type { Tone } from "./StatusBadge.tsx";

const signs = {
  good: IconCircleCheck,
  warn: IconAlertTriangle,
  bad: IconCircleX,
  idle: IconInfoCircle,
  info: IconInfoCircle,
} as const satisfies Record<Tone, typeof IconCircleX>;

type Props = {
  readonly tone: Tone;
  readonly title: string;
  readonly children?: ReactNode;
  /** `alert` interrupts a screen reader, `status` waits; absent: it was there from the beginning. */
  readonly role?: "alert" | "status";
};

/** Something to notice in the flow of a page. */
export function Notice({ tone, title, children, role }: Props) {
  const Sign = signs[tone];
  return (
    <div className={classes.notice} data-tone={tone} role={role}>
      <Sign size={20} aria-hidden className={classes.sign} />
      <div className={classes.words}>
        <p className={classes.title}>{title}</p>
        {children}
      </div>
    </div>
  );
}
