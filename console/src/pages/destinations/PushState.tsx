import { Card, Stack, Text, Title } from "@mantine/core";
import type { Destination, PushSummary } from "@rollcall/core/contract/destinations.ts";
import { Facts } from "../../components/Facts.tsx";
import { formatNumber } from "../../ui/format-time.ts";
import { Notice } from "../../ui/Notice.tsx";
import { RelativeTime } from "../../ui/RelativeTime.tsx";
import { stateOf } from "./destination-words.ts";

/** How the sending stands: what waits, what the last push did, why it stopped. */
export function PushState({ destination }: { readonly destination: Destination }) {
  const { deliveries, enabled, pushing, problem, nextPushAt, lastPush } = destination;
  const waiting = deliveries.waiting ?? 0;
  const { meaning } = stateOf(destination);
  return (
    <Card component="section" aria-labelledby="push">
      <Stack gap="md">
        <div>
          <Title order={2} id="push">
            How it stands
          </Title>
          <Text size="sm" c="dimmed" role="status">
            {meaning}
          </Text>
        </div>
        {problem !== null && (
          <Notice tone="bad" title="Sending has stopped">
            <Text size="sm" className="wrap-anywhere">
              {problem}
            </Text>
            {enabled && !pushing && (
              <Text size="sm" mt={4}>
                It is tried again <RelativeTime at={nextPushAt} />.
              </Text>
            )}
          </Notice>
        )}
        <Facts
          short
          facts={[
            ["Waiting", formatNumber(waiting)],
            ["Done", formatNumber(deliveries.done ?? 0)],
            ["Failed", formatNumber(deliveries.failed ?? 0)],
          ]}
        />
        <Facts
          facts={[
            ["Last push", <RelativeTime key="last" at={lastPush?.finishedAt ?? null} />],
            ...(lastPush === null ? [] : [["What it did", pushWords(lastPush)] as const]),
          ]}
        />
      </Stack>
    </Card>
  );
}

function pushWords({ people, requests }: PushSummary): string {
  const parts = [
    [people.created, "created"],
    [people.updated, "updated"],
    [people.unchanged, "in step already"],
    [people.failed, "failed"],
    [people.postponed, "postponed"],
  ] as const;
  const told = parts.filter(([count]) => count > 0).map(([count, what]) => `${formatNumber(count)} ${what}`);
  const asked = Object.values(requests).reduce((sum, count) => sum + count, 0);
  return `People: ${told.length === 0 ? "none" : told.join(", ")}; ${formatNumber(asked)} requests`;
}
