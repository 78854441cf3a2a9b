import { Button, Card, Stack, Switch } from "@mantine/core";
import { IconBell } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import {
  notificationPreferencesOptions,
  notificationsOptions,
  readAllNotifications,
  readNotification,
  saveNotificationPreferences,
} from "../../api/notifications.ts";
import { useCommand } from "../../api/use-command.ts";
import { EmptyState } from "../../components/EmptyState.tsx";
import { ErrorState } from "../../components/ErrorState.tsx";
import { LoadingTable } from "../../components/LoadingTable.tsx";
import { NotificationItem } from "../../components/NotificationItem.tsx";
import { PageHeader } from "../../components/PageHeader.tsx";

/** Everything that Rollcall told the signed-in account. */
export function NotificationsPage() {
  const list = useInfiniteQuery(notificationsOptions());
  const read = useCommand(readNotification, ["/notifications"]);
  const readAll = useCommand(readAllNotifications, ["/notifications"]);
  const preferences = useQuery(notificationPreferencesOptions());
  const savePreferences = useCommand(saveNotificationPreferences, ["/notifications"]);
  const found = list.data?.pages.flatMap(({ data }) => data) ?? [];
  return (
    <>
      <PageHeader
        title="Notifications"
        description="One for each change of state: when something goes wrong, and when it is well again."
        actions={
          <Button
            variant="default"
            disabled={found.every(({ readAt }) => readAt !== null)}
            onClick={() => readAll.mutate(undefined)}
          >
            Mark all as read
          </Button>
        }
      />
      <Stack gap="md">
        {preferences.data !== undefined && (
          <Switch
            label="Also by e-mail"
            checked={preferences.data.email}
            onChange={({ currentTarget }) => savePreferences.mutate({ email: currentTarget.checked })}
          />
        )}
        {list.isPending && <LoadingTable rows={6} />}
        {list.isError && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
        {list.isSuccess && found.length === 0 && (
          <EmptyState icon={IconBell} title="Nothing to tell">
            When a run fails, does not start or needs somebody's eye, it is said here.
          </EmptyState>
        )}
        {found.length > 0 && (
          <Card>
            <Stack gap="lg">
              {found.map((notification) => (
                <NotificationItem
                  key={notification.id}
                  notification={notification}
                  onOpen={() => notification.readAt === null && read.mutate(notification.id)}
                />
              ))}
            </Stack>
          </Card>
        )}
        {list.hasNextPage && (
          <Button variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            Earlier notifications
          </Button>
        )}
      </Stack>
    </>
  );
}
