import { Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { latestRunsOptions } from "../../api/runs.ts";
import { paths } from "../../paths.ts";
import { usePermission } from "../../session/session-context.ts";
import { formatNumber } from "../../ui/format-time.ts";
import { Link } from "../../ui/Link.tsx";
import { RelativeTime } from "../../ui/RelativeTime.tsx";
import { StatusBadge } from "../../ui/StatusBadge.tsx";
import { Section } from "./Section.tsx";

/** The last few runs of an integration. */
export function RecentRuns({ integrationId }: { readonly integrationId: string }) {
  const { allowed } = usePermission("run.read");
  const runs = useQuery({
    ...latestRunsOptions({ integrationId, limit: 5 }),
    enabled: allowed,
    refetchInterval: ({ state }) =>
      state.data?.data.some(({ status }) => status === "running" || status === "queued") === true ? 2000 : false,
  });
  if (!allowed) return null;
  const found = runs.data?.data ?? [];
  return (
    <Section id="runs" title="Latest runs" actions={<Link to={paths.runs({ integrationId })}>All runs</Link>}>
      {found.length === 0 && <Text c="dimmed">{runs.isPending ? "Loading …" : "It has not run yet."}</Text>}
      <Stack gap="sm">
        {found.map((run) => (
          <Group key={run.id} justify="space-between" gap="xs">
            <Group gap="sm">
              <StatusBadge status={run.status} />
              <Link to={paths.run(run.id)}>
                {run.kind === "undo" ? "Undo" : run.dryRun ? "Preview" : "Run"}, <RelativeTime at={run.queuedAt} />
              </Link>
            </Group>
            <Text size="sm" c="dimmed">
              {formatNumber(run.counts.fetched)} read, {formatNumber(run.counts.created)} created,{" "}
              {formatNumber(run.counts.updated)} updated, {formatNumber(run.counts.deactivated)} deactivated
            </Text>
          </Group>
        ))}
      </Stack>
    </Section>
  );
}
