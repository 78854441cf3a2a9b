import { Card, Group, Progress, Stack, Text, Title, VisuallyHidden } from "@mantine/core";
import type { Run } from "@rollcall/core/contract/runs.ts";
import { IconCircle, IconCircleCheck, IconProgress } from "@tabler/icons-react";
import { paths } from "../../paths.ts";
import { formatDuration, formatNumber } from "../../ui/format-time.ts";
import { Link } from "../../ui/Link.tsx";
import classes from "./RunProgress.module.css";
import { stagesOf } from "./run-words.ts";
import type { LiveState } from "./use-live-run.ts";

/** A run under way: which stage, how far, how fast, how long still. */
export function RunProgress({ run, live }: { readonly run: Run; readonly live: LiveState }) {
  const { progress, stage } = run;
  const stages = stagesOf(run);
  const at = stages.findIndex((each) => each.stage === stage);
  const { pages, records, expected, ratePerSecond, secondsLeft } = progress;
  const percent = expected === null || expected === 0 ? null : Math.min(100, Math.floor((100 * records) / expected));
  const current = stages[at]?.label ?? stage;
  return (
    <Card component="section" aria-labelledby="progress-title">
      <Stack gap="md">
        <Group justify="space-between">
          <Title order={2} id="progress-title">
            {run.cancelRequestedAt === null ? current : "Stopping after the page being read"}
          </Title>
          <Text size="sm" c="dimmed">
            {liveWords[live]}
          </Text>
        </Group>
        <ol className={classes.stages}>
          {stages.map(({ stage: each, label }, index) => (
            <li key={each} aria-current={index === at ? "step" : undefined}>
              <StageSign state={index < at ? "done" : index === at ? "now" : "later"} />
              {label}
              {index < at && <VisuallyHidden>, done</VisuallyHidden>}
            </li>
          ))}
        </ol>
        <Progress
          value={percent ?? 100}
          animated
          striped={percent === null}
          size="lg"
          aria-label={
            percent === null ? "Progress; the vendor does not say how many there are" : "Records read, percent"
          }
        />
        {run.reader === "runner" && run.status === "queued" && (
          <Text size="sm">
            No runner has taken it yet. Look whether one is connected on the page{" "}
            <Link to={paths.runners()} underline="always">
              Local runners
            </Link>
            .
          </Text>
        )}
        <dl className={classes.numbers}>
          <Measure label="Pages" value={formatNumber(pages)} />
          <Measure
            label="Records"
            value={expected === null ? formatNumber(records) : `${formatNumber(records)} of ${formatNumber(expected)}`}
          />
          {at <= 1 && (
            <>
              <Measure
                label="Rate"
                value={ratePerSecond === null ? "not known yet" : `${formatNumber(ratePerSecond)} a second`}
              />
              <Measure label="Time left" value={secondsLeft === null ? "not known yet" : formatDuration(secondsLeft)} />
            </>
          )}
        </dl>
        <VisuallyHidden role="status">
          {current}
          {percent === null ? "" : `, ${Math.floor(percent / 10) * 10} percent`}
        </VisuallyHidden>
      </Stack>
    </Card>
  );
}

const liveWords: Readonly<Record<LiveState, string>> = {
  off: "",
  connecting: "Connecting…",
  live: "Live",
  interrupted: "The connection broke; connecting again…",
};

function StageSign({ state }: { readonly state: "done" | "now" | "later" }) {
  switch (state) {
    case "done":
      return <IconCircleCheck size={16} aria-hidden />;
    case "now":
      return <IconProgress size={16} aria-hidden />;
    case "later":
      return <IconCircle size={16} aria-hidden />;
  }
}

function Measure({ label, value }: { readonly label: string; readonly value: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  );
}
