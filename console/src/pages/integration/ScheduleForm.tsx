import {
  Autocomplete,
  Chip,
  Group,
  Input,
  NativeSelect,
  SegmentedControl,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { type Integration, type Schedule, weekdays } from "@rollcall/core/contract/integrations.ts";
import { nextRuns } from "@rollcall/core/schedule/next-run.ts";
import { scheduleProblems } from "@rollcall/core/schedule/schedule-problems.ts";
import cronstrue from "cronstrue";
import { SaveBar } from "../../components/SaveBar.tsx";
import { useProblemForm } from "../../forms/use-problem-form.ts";
import { useNow } from "../../ui/RelativeTime.tsx";
import { NextRuns } from "./NextRuns.tsx";
import { intervalWords, weekdayNames } from "./schedule-words.ts";
import { useSaveIntegration } from "./use-save-integration.ts";

type Kind = Schedule["kind"];
type Minutes = Extract<Schedule, { kind: "interval" }>["minutes"];

const kinds: readonly { readonly value: Kind; readonly label: string }[] = [
  { value: "daily", label: "Daily" },
  { value: "interval", label: "Interval" },
  { value: "weekly", label: "Weekly" },
  { value: "cron", label: "Cron" },
  { value: "manual", label: "Off" },
];
const intervals: readonly Minutes[] = [15, 30, 60, 120, 180, 240, 360, 480, 720];
const zones = ["UTC", ...Intl.supportedValuesOf("timeZone").filter((zone) => zone !== "UTC")];
const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

export function ScheduleForm({
  integration,
  onDone,
}: {
  readonly integration: Integration;
  readonly onDone: () => void;
}) {
  const save = useSaveIntegration(integration);
  const { form, error, busy, submit } = useProblemForm({
    initialValues: valuesOf(integration.schedule),
    fieldOf: (pointer) => pointer.replace("/schedule/", ""),
  });
  const { values } = form;
  const schedule = scheduleOf(values);
  const problems = scheduleProblems(schedule);
  const problemAt = (pointer: string) => problems.find((problem) => problem.pointer === pointer)?.message;
  const hasZone = values.kind !== "interval" && values.kind !== "manual";

  return (
    <form
      onSubmit={submit(async () => {
        await save({ schedule });
        onDone();
      })}
    >
      <Stack gap="md">
        <SegmentedControl
          aria-label="How it is planned"
          data={[...kinds]}
          value={values.kind}
          onChange={(kind) => form.setFieldValue("kind", kind as Kind)}
        />
        {values.kind === "interval" && (
          <NativeSelect
            label="Every"
            maw={240}
            data={intervals.map((minutes) => ({ value: String(minutes), label: intervalWords(minutes) }))}
            {...form.getInputProps("minutes")}
          />
        )}
        {values.kind === "weekly" && (
          <Input.Wrapper label="Days" error={values.days.length === 0 ? "Choose at least one day." : null}>
            <Chip.Group multiple value={values.days} onChange={(days) => form.setFieldValue("days", days)}>
              <Group gap="xs" mt={4}>
                {weekdays.map((day) => (
                  <Chip key={day} value={day}>
                    {weekdayNames[day]}
                  </Chip>
                ))}
              </Group>
            </Chip.Group>
          </Input.Wrapper>
        )}
        <Group align="flex-start">
          {(values.kind === "daily" || values.kind === "weekly") && (
            <TextInput type="time" label="At" required w={140} {...form.getInputProps("at")} />
          )}
          {values.kind === "cron" && (
            <TextInput
              label="Cron expression"
              description="Minute, hour, day of the month, month, day of the week."
              required
              miw={260}
              {...form.getInputProps("expression")}
              error={problemAt("/expression") ?? form.errors.expression}
            />
          )}
          {hasZone && (
            <Autocomplete
              label="Time zone"
              description={ownZone === values.timeZone ? "Your own." : `Yours is ${ownZone}.`}
              required
              data={zones}
              limit={12}
              miw={260}
              {...form.getInputProps("timeZone")}
              error={problemAt("/timeZone") ?? form.errors.timeZone}
            />
          )}
        </Group>
        {problems.length === 0 && (
          <div aria-live="polite">
            {values.kind === "cron" && (
              <Text size="sm" mb={6}>
                {cronstrue.toString(values.expression, {
                  use24HourTimeFormat: true,
                  throwExceptionOnParseError: false,
                })}
              </Text>
            )}
            <Coming schedule={schedule} seed={integration.id} />
          </div>
        )}
        <SaveBar busy={busy} error={error} onCancel={onDone} />
      </Stack>
    </form>
  );
}

function Coming({ schedule, seed }: { readonly schedule: Schedule; readonly seed: string }) {
  const now = useNow();
  const incomplete =
    (schedule.kind === "weekly" && schedule.days.length === 0) || ("at" in schedule && schedule.at === "");
  const runs = incomplete ? [] : nextRuns(schedule, new Date(now), 3, { jitterSeed: seed });
  return <NextRuns runs={runs} timeZone={"timeZone" in schedule ? schedule.timeZone : "UTC"} />;
}

type Values = {
  kind: Kind;
  at: string;
  timeZone: string;
  minutes: string;
  days: string[];
  expression: string;
};

function valuesOf(schedule: Schedule): Values {
  return {
    kind: schedule.kind,
    at: "at" in schedule ? schedule.at : "02:00",
    timeZone: "timeZone" in schedule ? schedule.timeZone : "UTC",
    minutes: schedule.kind === "interval" ? String(schedule.minutes) : "60",
    days: schedule.kind === "weekly" ? [...schedule.days] : ["mon"],
    expression: schedule.kind === "cron" ? schedule.expression : "0 2 * * *",
  };
}

function scheduleOf({ kind, at, timeZone, minutes, days, expression }: Values): Schedule {
  switch (kind) {
    case "daily":
      return { kind, at, timeZone };
    case "interval":
      return { kind, minutes: intervals.find((each) => each === Number(minutes)) ?? 60 };
    case "weekly":
      return { kind, days: weekdays.filter((day) => days.includes(day)), at, timeZone };
    case "cron":
      return { kind, expression: expression.trim(), timeZone };
    case "manual":
      return { kind };
  }
}
