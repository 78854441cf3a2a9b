import { Text } from "@mantine/core";
import classes from "./NextRuns.module.css";

type Props = { readonly runs: readonly Date[]; readonly timeZone: string };

/** The coming runs, in the schedule's zone and in UTC beside it. */
export function NextRuns({ runs, timeZone }: Props) {
  if (runs.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        No run is planned.
      </Text>
    );
  }
  const local = formatIn(timeZone);
  const utc = formatIn("UTC");
  return (
    <ol className={classes.runs} aria-label="The next runs">
      {runs.map((run) => (
        <li key={run.toISOString()}>
          <time dateTime={run.toISOString()}>{local.format(run)}</time>
          {timeZone !== "UTC" && <span className="quiet">{utc.format(run)}</span>}
        </li>
      ))}
    </ol>
  );
}

function formatIn(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat("en-GB", {
    timeZone,
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    ...(timeZone === "UTC" ? { timeZoneName: "short" } : {}),
  });
}
