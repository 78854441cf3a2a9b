import { Card, Group, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import type { Integration } from "@rollcall/core/contract/integrations.ts";
import type { ListOf } from "@rollcall/core/contract/listing.ts";
import type { Notification } from "@rollcall/core/contract/notifications.ts";
import { useQuery } from "@tanstack/react-query";
import { connectorsOptions } from "../../api/connectors.ts";
import { allIntegrationsOptions } from "../../api/integrations.ts";
import { itemOptions } from "../../api/list-options.ts";
import { latestNotificationsOptions, readNotification } from "../../api/notifications.ts";
import { useCommand } from "../../api/use-command.ts";
import { ErrorState } from "../../components/ErrorState.tsx";
import { LoadingCards } from "../../components/LoadingTable.tsx";
import { NotificationItem } from "../../components/NotificationItem.tsx";
import { PageHeader } from "../../components/PageHeader.tsx";
import { paths } from "../../paths.ts";
import { useSession } from "../../session/session-context.ts";
import { formatNumber } from "../../ui/format-time.ts";
import { Link } from "../../ui/Link.tsx";
import { useNow } from "../../ui/RelativeTime.tsx";
import tiles from "../integrations/IntegrationsPage.module.css";
import { IntegrationTile } from "../integrations/IntegrationTile.tsx";
import { healthOf } from "../integrations/integration-health.ts";
import { FirstSteps } from "./FirstSteps.tsx";
import classes from "./HomePage.module.css";
import { Trend } from "./Trend.tsx";

/** How everything is: the integrations' health first, then numbers and what happened. */
export function HomePage() {
  const integrations = useQuery({ ...allIntegrationsOptions(), refetchInterval: 15_000 });
  const shown = integrations.data?.data.filter(({ status }) => status !== "archived") ?? [];
  return (
    <>
      <PageHeader title="Home" />
      {integrations.isPending && <LoadingCards cards={3} />}
      {integrations.isError && <ErrorState error={integrations.error} onRetry={() => void integrations.refetch()} />}
      {integrations.isSuccess && shown.length === 0 && <FirstSteps />}
      {shown.length > 0 && (
        <Stack gap="xl">
          <Numbers integrations={shown} />
          <section aria-labelledby="health">
            <Group justify="space-between" mb="sm">
              <Title order={2} id="health">
                Integrations
              </Title>
              <Link to={paths.integrations()}>All integrations</Link>
            </Group>
            <Tiles integrations={shown} />
          </section>
          <div className={classes.columns}>
            <Trend />
            <LatestNotifications />
          </div>
        </Stack>
      )}
    </>
  );
}

const order = ["bad", "warn", "info", "good", "idle"];

function Tiles({ integrations }: { readonly integrations: readonly Integration[] }) {
  const connectors = useQuery(connectorsOptions()).data?.data ?? [];
  const now = useNow();
  const sorted = integrations.toSorted(
    (a, b) => order.indexOf(healthOf(a, now).tone) - order.indexOf(healthOf(b, now).tone),
  );
  return (
    <ul className={tiles.tiles}>
      {sorted.slice(0, 9).map((integration) => (
        <li key={integration.id}>
          <IntegrationTile
            integration={integration}
            level={3}
            connectorName={connectors.find(({ id }) => id === integration.connector)?.name ?? integration.connector}
          />
        </li>
      ))}
    </ul>
  );
}

function Numbers({ integrations }: { readonly integrations: readonly Integration[] }) {
  const { permissions } = useSession();
  const now = useNow();
  const total = (path: string, query: Record<string, string | number>, enabled: boolean) => ({
    ...itemOptions<ListOf<unknown>>(path, { limit: 1, ...query }),
    enabled,
  });
  const seesPeople = permissions.includes("person.read");
  const people = useQuery(total("/people", { status: "active" }, seesPeople)).data?.total;
  const inactive = useQuery(total("/people", { status: "inactive" }, seesPeople)).data?.total;
  const apps = useQuery(total("/saas", {}, permissions.includes("saas.read"))).data?.total;
  const launched = integrations.filter(({ status }) => status !== "draft");
  const healthy = launched.filter((each) => healthOf(each, now).tone === "good").length;
  const reviews = launched.filter(({ lastRun }) => lastRun?.status === "needs_review").length;
  return (
    <SimpleGrid cols={{ base: 2, md: 4 }} spacing="md">
      <Figure label="Active people" value={people} to={paths.people({ status: "active" })}>
        {inactive === undefined ? "" : `${formatNumber(inactive)} inactive`}
      </Figure>
      <Figure label="SaaS applications" value={apps} to={paths.saas()} />
      <Figure label="Healthy integrations" value={healthy} to={paths.integrations()}>
        of {formatNumber(launched.length)} launched
      </Figure>
      <Figure label="Runs to review" value={reviews} to={paths.runs({ status: "needs_review" })}>
        {reviews === 0 ? "nothing waits for you" : "deactivations wait for you"}
      </Figure>
    </SimpleGrid>
  );
}

type FigureProps = {
  readonly label: string;
  readonly value: number | undefined;
  readonly to: string;
  readonly children?: React.ReactNode;
};

function Figure({ label, value, to, children }: FigureProps) {
  return (
    <div className={classes.figure}>
      <Link to={to} className={classes.figureLabel} c="dimmed">
        {label}
      </Link>
      <Text className={classes.figureValue}>{value === undefined ? "–" : formatNumber(value)}</Text>
      <Text size="sm" c="dimmed" mih={20}>
        {children}
      </Text>
    </div>
  );
}

function LatestNotifications() {
  const latest = useQuery(latestNotificationsOptions());
  const read = useCommand(readNotification, ["/notifications"]);
  const open = ({ id, readAt }: Notification) => {
    if (readAt === null) read.mutate(id);
  };
  return (
    <Card component="section" aria-labelledby="latest">
      <Group justify="space-between" mb="md">
        <Title order={2} id="latest">
          Notifications
        </Title>
        <Link to={paths.notifications()}>All notifications</Link>
      </Group>
      {latest.isError && <ErrorState error={latest.error} onRetry={() => void latest.refetch()} />}
      {latest.data?.data.length === 0 && <Text c="dimmed">Nothing has happened that you need to know about.</Text>}
      <Stack gap="md">
        {latest.data?.data.slice(0, 4).map((notification) => (
          <NotificationItem key={notification.id} notification={notification} onOpen={() => open(notification)} />
        ))}
      </Stack>
    </Card>
  );
}
