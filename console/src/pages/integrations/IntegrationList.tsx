import { Paper, ScrollArea, Table } from "@mantine/core";
import type { Integration } from "@rollcall/core/contract/integrations.ts";
import { paths } from "../../paths.ts";
import { Link } from "../../ui/Link.tsx";
import { RelativeTime, useNow } from "../../ui/RelativeTime.tsx";
import { StatusBadge } from "../../ui/StatusBadge.tsx";
import { healthOf } from "./integration-health.ts";

type Props = { readonly integrations: readonly Integration[]; readonly connectorName: (id: string) => string };

/** The integrations as a table. */
export function IntegrationList({ integrations, connectorName }: Props) {
  const now = useNow();
  return (
    <Paper withBorder radius="lg">
      <ScrollArea type="auto" viewportProps={{ tabIndex: 0, role: "region", "aria-label": "Integrations" }}>
        <Table verticalSpacing="sm" horizontalSpacing="md" miw={820} highlightOnHover>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Name</Table.Th>
              <Table.Th>Vendor</Table.Th>
              <Table.Th>Health</Table.Th>
              <Table.Th>Fills</Table.Th>
              <Table.Th>Last complete run</Table.Th>
              <Table.Th>Next run</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {integrations.map((integration) => {
              const health = healthOf(integration, now);
              return (
                <Table.Tr key={integration.id}>
                  <Table.Td>
                    <Link to={paths.integration(integration.id)} fw={600}>
                      {integration.name}
                    </Link>
                  </Table.Td>
                  <Table.Td>{connectorName(integration.connector)}</Table.Td>
                  <Table.Td>
                    <StatusBadge status={integration.status} label={health.label} tone={health.tone} />
                  </Table.Td>
                  <Table.Td>{integration.mode === "user-only" ? "People" : "People and SaaS users"}</Table.Td>
                  <Table.Td>
                    <RelativeTime at={integration.lastCompleteRunAt} />
                  </Table.Td>
                  <Table.Td>
                    <RelativeTime at={integration.nextRunAt} absent="none planned" />
                  </Table.Td>
                </Table.Tr>
              );
            })}
          </Table.Tbody>
        </Table>
      </ScrollArea>
    </Paper>
  );
}
