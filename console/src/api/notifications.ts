import type { Notification } from "@rollcall/core/contract/notifications.ts";
import { queryOptions } from "@tanstack/react-query";
import { callApi, type QueryValues } from "./client.ts";
import { itemOptions, listOptions, shortListOptions } from "./list-options.ts";

export const notificationsOptions = (query: QueryValues = {}) => listOptions<Notification>("/notifications", query);
export const latestNotificationsOptions = () => shortListOptions<Notification>("/notifications", { limit: 10 });

/** How many are unread; asked again every half minute. */
export const unreadOptions = queryOptions({
  queryKey: ["/notifications", "unread"],
  queryFn: ({ signal }) => callApi<{ unread: number }>("GET", "/notifications/unread-count", { signal }),
  refetchInterval: 30_000,
  retry: false,
});

export const readNotification = (id: string) =>
  callApi<Notification>("POST", `/notifications/${encodeURIComponent(id)}/read`);
export const readAllNotifications = () => callApi<{ read: number }>("POST", "/notifications/read-all");

type Preferences = { readonly email: boolean };
export const notificationPreferencesOptions = () => itemOptions<Preferences>("/notifications/preferences");
export const saveNotificationPreferences = (body: Preferences) =>
  callApi<Preferences>("PUT", "/notifications/preferences", { body });
