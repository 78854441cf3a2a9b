import { Card, Stack, Table, Text, Title } from "@mantine/core";
import type { SaasStatistics, Software } from "@rollcall/core/contract/saas.ts";
import { useQuery } from "@tanstack/react-query";
import { saasStatisticsOptions } from "../../api/saas.ts";
import { ErrorState } from "../../components/ErrorState.tsx";
import { LoadingCards } from "../../components/LoadingTable.tsx";
import { type Share, ShareBar } from "../../components/ShareBar.tsx";
import { paths } from "../../paths.ts";
import { formatNumber } from "../../ui/format-time.ts";
import { Link } from "../../ui/Link.tsx";
import { formatMoney } from "./money.ts";

/** How much the application is used, and what its seats cost. Unknown activity stays apart from idle. */
export function ApplicationStatistics({ software }: { readonly software: Software }) {
  const statistics = useQuery(saasStatisticsOptions(software.id));
  if (statistics.isPending) return <LoadingCards cards={2} height={220} />;
  if (statistics.isError) return <ErrorState error={statistics.error} onRetry={() => void statistics.refetch()} />;
  return (
    <Stack gap="lg">
      <Activity statistics={statistics.data} />
      <SeatsAndCost statistics={statistics.data} software={software} />
    </Stack>
  );
}

function Activity({ statistics: { active, deactivated, activity } }: { readonly statistics: SaasStatistics }) {
  const shares = [
    share("within30Days", "Active", "Within the last 30 days", activity.within30Days, "var(--mantine-color-green-7)"),
    share(
      "idle30",
      "Idle 30 to 59 days",
      "Last active a month or two ago",
      activity.idle30,
      "var(--mantine-color-yellow-5)",
    ),
    share(
      "idle60",
      "Idle 60 to 89 days",
      "Last active two or three months ago",
      activity.idle60,
      "var(--mantine-color-orange-6)",
    ),
    share("idle90", "Idle 90 days or longer", "Candidates for removal", activity.idle90, "var(--mantine-color-red-7)"),
    share(
      "unknown",
      "Unknown",
      "Last activity is not provided by this vendor",
      activity.unknown,
      "var(--mantine-color-gray-5)",
    ),
    share("deactivated", "Deactivated", "Take no seat", deactivated, "var(--mantine-color-indigo-3)"),
  ];
  return (
    <Card component="section" aria-labelledby="activity-title">
      <Title order={2} id="activity-title" mb="sm">
        {formatNumber(active)} active {active === 1 ? "user" : "users"}, {formatNumber(deactivated)} deactivated
      </Title>
      {active + deactivated === 0 ? (
        <Text c="dimmed">There is no user yet.</Text>
      ) : (
        <ShareBar label="Users by activity" shares={shares} />
      )}
      {activity.unknown > 0 && (
        <Text mt="md" maw="72ch">
          For {formatNumber(activity.unknown)} of them the vendor does not say when they were last active. They are
          never counted as idle.
        </Text>
      )}
      <Table mt="md" verticalSpacing="xs" aria-label="Users by activity">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Activity</Table.Th>
            <Table.Th ta="right">Users</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {shares.map(({ name, label, count }) => (
            <Table.Tr key={name}>
              <Table.Th scope="row" fw={400}>
                {label}
              </Table.Th>
              <Table.Td ta="right">{formatNumber(count)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Card>
  );
}

function share(name: string, label: string, meaning: string, count: number, color: string): Share {
  return { name, label, meaning, count, color };
}

type SeatsProps = { readonly statistics: SaasStatistics; readonly software: Software };

function SeatsAndCost({ statistics: { seats, monthlyCost }, software }: SeatsProps) {
  const { bought, used, free } = seats;
  const title = (
    <Title order={2} id="seats-title" mb="sm">
      Seats and cost
    </Title>
  );
  if (bought === null) {
    return (
      <Card component="section" aria-labelledby="seats-title">
        {title}
        <Text>
          {formatNumber(used)} seats are used. How many are bought, and what one costs, is not entered:{" "}
          <Link to={paths.saasApplication(software.id, "information")} underline="always">
            enter it under Information
          </Link>{" "}
          to see what could be saved.
        </Text>
      </Card>
    );
  }
  const over = Math.max(0, used - bought);
  const shares = [
    share("used", "Seats used", "By active users", Math.min(used, bought), "var(--mantine-color-petrol-6)"),
    share("free", "Seats free", "Bought and used by nobody", free ?? 0, "var(--mantine-color-yellow-5)"),
    share("over", "More than bought", "Active users beyond the seats", over, "var(--mantine-color-red-7)"),
  ];
  const { used: usedCost, unused, currency } = monthlyCost;
  const rows = [
    ["Bought", bought, software.seatCost === null ? null : bought * software.seatCost],
    ["Used", used, usedCost],
    ["Free", free ?? 0, unused],
  ] as const;
  return (
    <Card component="section" aria-labelledby="seats-title">
      {title}
      <ShareBar label="Seats" shares={shares} />
      <Table mt="md" verticalSpacing="xs" aria-label="Seats and cost">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Seats</Table.Th>
            <Table.Th ta="right">Number</Table.Th>
            <Table.Th ta="right">Cost a month</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(([label, count, cost]) => (
            <Table.Tr key={label}>
              <Table.Th scope="row" fw={400}>
                {label}
              </Table.Th>
              <Table.Td ta="right">{formatNumber(count)}</Table.Td>
              <Table.Td ta="right">
                {cost === null ? <span className="quiet">not entered</span> : formatMoney(cost, currency)}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Card>
  );
}
