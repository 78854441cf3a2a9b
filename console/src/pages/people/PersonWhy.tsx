import { Card, Stack, Table, Text, Title } from "@mantine/core";
import type { Why } from "@rollcall/core/contract/people.ts";
import { useQuery } from "@tanstack/react-query";
import { personWhyOptions } from "../../api/people.ts";
import { ErrorState } from "../../components/ErrorState.tsx";
import { LoadingCards } from "../../components/LoadingTable.tsx";
import { useFieldLabels } from "../../components/use-field-labels.ts";
import { paths } from "../../paths.ts";
import { Link } from "../../ui/Link.tsx";
import { Nothing } from "../../ui/Nothing.tsx";
import { RelativeTime } from "../../ui/RelativeTime.tsx";
import { StatusBadge } from "../../ui/StatusBadge.tsx";
import { showValue } from "../../ui/show-value.ts";

/** Why the person is active or not, and where each value came from. */
export function PersonWhy({ id }: { readonly id: string }) {
  const labelOf = useFieldLabels();
  const why = useQuery(personWhyOptions(id));
  if (why.isPending) return <LoadingCards />;
  if (why.isError) return <ErrorState error={why.error} onRetry={() => void why.refetch()} />;
  const { status, values } = why.data;
  return (
    <Stack gap="lg">
      <Card component="section" aria-labelledby="why-status">
        <Title order={2} id="why-status" mb="xs">
          Why the person is {status.value}
        </Title>
        <Text>{status.explanation}</Text>
        <Text c="dimmed" size="sm" mt="xs">
          <StatusBadge status={status.value} />{" "}
          {status.at !== null && (
            <>
              since <RelativeTime at={status.at} />
            </>
          )}
          {status.runId !== null && (
            <>
              ,{" "}
              <Link to={paths.run(status.runId)} underline="always" inherit>
                by this run
              </Link>
            </>
          )}
        </Text>
      </Card>
      <Card component="section" aria-labelledby="why-values">
        <Title order={2} id="why-values" mb="md">
          Where each value came from
        </Title>
        <Table.ScrollContainer
          minWidth={640}
          scrollAreaProps={{ viewportProps: { tabIndex: 0, "aria-label": "Values" } }}
        >
          <Table verticalSpacing="sm">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Field</Table.Th>
                <Table.Th>Value</Table.Th>
                <Table.Th>Path or source</Table.Th>
                <Table.Th>From</Table.Th>
                <Table.Th>When</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {values.map((value) => (
                <Table.Tr key={value.field}>
                  <Table.Th scope="row">{labelOf(value.field)}</Table.Th>
                  <Table.Td className="wrap-anywhere">{showValue(value.value) ?? <Nothing />}</Table.Td>
                  <Table.Td className="wrap-anywhere">
                    {value.runId === null ? value.source : <code>{value.source}</code>}
                  </Table.Td>
                  <Table.Td>
                    <Origin value={value} />
                  </Table.Td>
                  <Table.Td>
                    <RelativeTime at={value.at} absent="not recorded" />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      </Card>
    </Stack>
  );
}

function Origin({ value }: { readonly value: Why["values"][number] }) {
  const { integrationId, integrationName, runId, actor } = value;
  if (actor !== null) return <>{actor}</>;
  if (integrationId === null) return <Nothing />;
  return (
    <>
      <Link to={paths.integration(integrationId)} underline="always" inherit>
        {integrationName ?? "an integration"}
      </Link>
      {runId !== null && (
        <>
          ,{" "}
          <Link to={paths.run(runId)} underline="always" inherit>
            run
          </Link>
        </>
      )}
    </>
  );
}
