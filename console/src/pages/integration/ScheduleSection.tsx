import { Stack, Text } from "@mantine/core";
import type { Integration } from "@rollcall/core/contract/integrations.ts";
import { nextRuns } from "@rollcall/core/schedule/next-run.ts";
import { useNow } from "../../ui/RelativeTime.tsx";
import { NextRuns } from "./NextRuns.tsx";
import { ScheduleForm } from "./ScheduleForm.tsx";
import { Section } from "./Section.tsx";
import { scheduleWords } from "./schedule-words.ts";

type Props = {
  readonly integration: Integration;
  readonly editing: boolean;
  readonly onEdit: (editing: boolean) => void;
};

/** Schedule: when it runs by itself. */
export function ScheduleSection({ integration, editing, onEdit }: Props) {
  const { id, schedule, status, nextRuns: planned } = integration;
  const now = useNow();
  const zone = "timeZone" in schedule ? schedule.timeZone : "UTC";
  const isActive = status === "active";
  const runs = isActive
    ? planned.map((run) => new Date(run))
    : nextRuns(schedule, new Date(now), 3, { jitterSeed: id });
  return (
    <Section id="schedule" title="Schedule" onEdit={editing ? undefined : () => onEdit(true)}>
      {editing ? (
        <ScheduleForm integration={integration} onDone={() => onEdit(false)} />
      ) : (
        <Stack gap="sm">
          <Text>{scheduleWords(schedule)}</Text>
          <NextRuns runs={runs} timeZone={zone} />
          {!isActive && runs.length > 0 && (
            <Text size="sm" c="dimmed">
              {status === "paused" ? "Paused: these runs happen once you resume it." : "So it would run once launched."}
            </Text>
          )}
        </Stack>
      )}
    </Section>
  );
}
