import { Card, Group, SegmentedControl, Table, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { latestRunsOptions } from "../../api/runs.ts";
import { usePermission } from "../../session/session-context.ts";
import { formatDate, formatNumber } from "../../ui/format-time.ts";
import { useNow } from "../../ui/RelativeTime.tsx";
import { dailyTrend, type TrendDay } from "./daily-trend.ts";
import { TrendChart } from "./TrendChart.tsx";

const chartHeight = 240;

/** The last two weeks as a picture, or as the table behind it. */
export function Trend() {
  const { allowed } = usePermission("run.read");
  const runs = useQuery({ ...latestRunsOptions({ limit: 300 }), enabled: allowed });
  const [view, setView] = useState("chart");
  const trend = dailyTrend(runs.data?.data ?? [], useNow(), 14, 7);
  if (!allowed) return null;
  return (
    <Card component="section" aria-labelledby="trend">
      <Group justify="space-between" mb="md">
        <Title order={2} id="trend">
          Users and deactivations
        </Title>
        <SegmentedControl
          aria-label="Show as"
          size="xs"
          value={view}
          onChange={setView}
          data={[
            { value: "chart", label: "Chart" },
            { value: "table", label: "Table" },
          ]}
        />
      </Group>
      {trend.length === 0 ? (
        <Text c="dimmed" mih={chartHeight}>
          {runs.isPending ? "" : "Appears after the first run."}
        </Text>
      ) : view === "chart" ? (
        <TrendChart trend={trend} height={chartHeight} />
      ) : (
        <TrendTable trend={trend} />
      )}
    </Card>
  );
}

function TrendTable({ trend }: { readonly trend: readonly TrendDay[] }) {
  return (
    <Table fz="sm">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Day</Table.Th>
          <Table.Th ta="right">Users</Table.Th>
          <Table.Th ta="right">Created</Table.Th>
          <Table.Th ta="right">Deactivated</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {trend.toReversed().map(({ day, users, created, deactivated }) => (
          <Table.Tr key={day}>
            <Table.Td>{formatDate(day)}</Table.Td>
            <Table.Td ta="right">{users === null ? "not known" : formatNumber(users)}</Table.Td>
            <Table.Td ta="right">{formatNumber(created)}</Table.Td>
            <Table.Td ta="right">{formatNumber(deactivated)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
