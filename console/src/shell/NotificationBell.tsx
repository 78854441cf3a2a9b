import { ActionIcon, Button, Group, Indicator, Popover, ScrollArea, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconBell } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import {
  latestNotificationsOptions,
  readAllNotifications,
  readNotification,
  unreadOptions,
} from "../api/notifications.ts";
import { useCommand } from "../api/use-command.ts";
import { NotificationItem } from "../components/NotificationItem.tsx";
import { paths } from "../paths.ts";
import { Link } from "../ui/Link.tsx";

/** What Rollcall has to tell: how many are unread, and the latest ten. */
export function NotificationBell() {
  const [opened, popover] = useDisclosure(false);
  const unread = useQuery(unreadOptions).data?.unread ?? 0;
  const latest = useQuery({ ...latestNotificationsOptions(), enabled: opened });
  const read = useCommand(readNotification, ["/notifications"]);
  const readAll = useCommand(readAllNotifications, ["/notifications"]);
  const name = unread === 0 ? "Notifications" : `Notifications, ${unread} unread`;
  return (
    <Popover opened={opened} onChange={popover.toggle} position="bottom-end" width={380} shadow="md" trapFocus>
      <Indicator label={unread > 99 ? "99+" : unread} size={16} disabled={unread === 0} color="red.8" offset={4}>
        <Popover.Target>
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={name} onClick={popover.toggle}>
            <IconBell size={20} stroke={1.7} aria-hidden />
          </ActionIcon>
        </Popover.Target>
      </Indicator>
      <Popover.Dropdown p={0} maw="calc(100vw - 24px)" aria-label="Notifications">
        <Group justify="space-between" px="md" py="sm">
          <Text fw={650}>Notifications</Text>
          <Button
            size="compact-sm"
            variant="subtle"
            disabled={unread === 0}
            onClick={() => void readAll.mutateAsync(undefined)}
          >
            Mark all as read
          </Button>
        </Group>
        <ScrollArea.Autosize mah={420} px="md">
          <Stack gap="sm" pb="sm">
            {latest.data?.data.map((notification) => (
              <NotificationItem
                key={notification.id}
                notification={notification}
                onOpen={() => {
                  popover.close();
                  if (notification.readAt === null) void read.mutateAsync(notification.id);
                }}
              />
            ))}
            {latest.data?.data.length === 0 && (
              <Text c="dimmed">Nothing has happened that you need to know about.</Text>
            )}
            {latest.isError && <Text c="dimmed">Notifications cannot be shown now.</Text>}
          </Stack>
        </ScrollArea.Autosize>
        <Group px="md" py="sm">
          <Link to={paths.notifications()} onClick={popover.close}>
            All notifications
          </Link>
        </Group>
      </Popover.Dropdown>
    </Popover>
  );
}
