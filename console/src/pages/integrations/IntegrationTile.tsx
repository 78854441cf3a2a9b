import { Group, Text, Title } from "@mantine/core";
import type { Integration } from "@rollcall/core/contract/integrations.ts";
import { paths } from "../../paths.ts";
import { Link } from "../../ui/Link.tsx";
import { RelativeTime, useNow } from "../../ui/RelativeTime.tsx";
import { StatusBadge } from "../../ui/StatusBadge.tsx";
import classes from "./IntegrationsPage.module.css";
import { healthOf } from "./integration-health.ts";

type Props = { readonly integration: Integration; readonly connectorName: string; readonly level?: 2 | 3 };

/** One integration at a glance. */
export function IntegrationTile({ integration, connectorName, level = 2 }: Props) {
  const { id, name, lastCompleteRunAt, nextRunAt, lastRun, status } = integration;
  const health = healthOf(integration, useNow());
  return (
    <article className={classes.tile} data-tone={health.tone}>
      <Group justify="space-between" align="flex-start" gap="xs">
        <Title order={level} size="h3" className="wrap-anywhere">
          <Link to={paths.integration(id)} className={classes.link} inherit>
            {name}
          </Link>
        </Title>
        <StatusBadge status={status} label={health.label} tone={health.tone} />
      </Group>
      <Text size="sm" c="dimmed">
        {connectorName}
      </Text>
      <Text size="sm" mt={10}>
        {health.detail}
      </Text>
      {status !== "draft" && (
        <dl className={classes.facts}>
          <dt>Last complete run</dt>
          <dd>
            <RelativeTime at={lastCompleteRunAt} />
          </dd>
          <dt>Last run</dt>
          <dd>
            <RelativeTime at={lastRun?.finishedAt ?? null} absent={lastRun === null ? "never" : "now"} />
          </dd>
          <dt>Next run</dt>
          <dd>
            <RelativeTime at={nextRunAt} absent="none planned" />
          </dd>
        </dl>
      )}
    </article>
  );
}
