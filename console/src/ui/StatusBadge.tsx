import {
  type Icon,
  IconAlertTriangle,
  IconArchive,
  IconBan,
  IconCircleCheck,
  IconCircleX,
  IconClock,
  IconEye,
  IconPencil,
  IconPlayerPause,
  IconProgress,
} from "@tabler/icons-react";
import classes from "./StatusBadge.module.css";

export type Tone = "good" | "warn" | "bad" | "idle" | "info";
type Look = { readonly label: string; readonly tone: Tone; readonly Icon: Icon };

/** Every state of the product: its words, colour and sign. Colour never stands alone. */
const looks: Readonly<Record<string, Look>> = {
  active: { label: "Active", tone: "good", Icon: IconCircleCheck },
  inactive: { label: "Inactive", tone: "idle", Icon: IconBan },
  deactivated: { label: "Deactivated", tone: "idle", Icon: IconBan },
  disabled: { label: "Disabled", tone: "idle", Icon: IconBan },
  archived: { label: "Archived", tone: "idle", Icon: IconArchive },
  draft: { label: "Draft", tone: "info", Icon: IconPencil },
  paused: { label: "Paused", tone: "idle", Icon: IconPlayerPause },
  queued: { label: "Waiting", tone: "info", Icon: IconClock },
  running: { label: "Running", tone: "info", Icon: IconProgress },
  completed: { label: "Completed", tone: "good", Icon: IconCircleCheck },
  completed_with_errors: { label: "Completed with errors", tone: "warn", Icon: IconAlertTriangle },
  incomplete: { label: "Incomplete", tone: "warn", Icon: IconAlertTriangle },
  needs_review: { label: "Needs review", tone: "warn", Icon: IconEye },
  empty: { label: "Empty", tone: "idle", Icon: IconCircleCheck },
  failed: { label: "Failed", tone: "bad", Icon: IconCircleX },
  cancelled: { label: "Cancelled", tone: "idle", Icon: IconBan },
  timed_out: { label: "Timed out", tone: "bad", Icon: IconClock },
};

const toneSigns: Readonly<Record<Tone, Look["Icon"] | null>> = {
  good: IconCircleCheck,
  warn: IconAlertTriangle,
  bad: IconCircleX,
  idle: null,
  info: null,
};

type Props = {
  /** A state's name, such as `needs_review`; an unknown one is shown as it is. */
  readonly status: string;
  readonly label?: string;
  readonly tone?: Tone;
  readonly icon?: Icon;
};

export function StatusBadge({ status, label, tone, icon }: Props) {
  const look = looks[status];
  // A judgement other than the state's own brings its own sign.
  const ownSign = look !== undefined && (tone === undefined || tone === look.tone) ? look.Icon : null;
  const Sign = icon ?? ownSign ?? toneSigns[tone ?? "idle"];
  return (
    <span className={classes.badge} data-tone={tone ?? look?.tone ?? "idle"}>
      {Sign !== null && <Sign size={14} aria-hidden />}
      {label ?? look?.label ?? status}
    </span>
  );
}

/** The words for a state, for sentences and for exports. */
export function statusLabel(status: string): string {
  return looks[status]?.label ?? status;
}

export function statusTone(status: string): Tone {
  return looks[status]?.tone ?? "idle";
}
