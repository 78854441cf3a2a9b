import { Group, Stack, Text } from "@mantine/core";
import type { Notification } from "@rollcall/core/contract/notifications.ts";
import { Link } from "../ui/Link.tsx";
import { RelativeTime } from "../ui/RelativeTime.tsx";
import { StatusBadge } from "../ui/StatusBadge.tsx";

/** One notification: what happened, why, what to do, and where. */
export function NotificationItem({
  notification,
  onOpen,
}: {
  readonly notification: Notification;
  readonly onOpen: () => void;
}) {
  const { kind, title, reason, nextStep, path, at, readAt } = notification;
  const recovered = kind === "recovered";
  return (
    <Stack gap={2}>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <Link to={path} onClick={onOpen} fw={readAt === null ? 650 : 450} className="wrap-anywhere">
          {title}
        </Link>
        <StatusBadge
          status={recovered ? "recovered" : "raised"}
          label={recovered ? "Recovered" : readAt === null ? "New" : "Read"}
          tone={recovered ? "good" : readAt === null ? "warn" : "idle"}
        />
      </Group>
      <Text size="sm" className="wrap-anywhere">
        {reason}
      </Text>
      {!recovered && (
        <Text size="sm" c="dimmed" className="wrap-anywhere">
          {nextStep}
        </Text>
      )}
      <Text size="xs" c="dimmed">
        <RelativeTime at={at} />
      </Text>
    </Stack>
  );
}
