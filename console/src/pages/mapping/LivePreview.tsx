import { Card, Group, ScrollArea, Stack, Table, Text, Title } from "@mantine/core";
import type { MappingPreview } from "@rollcall/core/contract/integrations.ts";
import { LoadingTable } from "../../components/LoadingTable.tsx";
import { RelativeTime } from "../../ui/RelativeTime.tsx";
import { StatusBadge, type Tone } from "../../ui/StatusBadge.tsx";
import classes from "./MappingPage.module.css";
import { showValue, type Target } from "./mapping-fields.ts";
import type { MappingEditor } from "./use-mapping-editor.ts";

type PreviewRecord = MappingPreview["records"][number];

const outcomes = {
  mapped: { label: "Passes", tone: "good" },
  filtered: { label: "Filtered out", tone: "idle" },
  rejected: { label: "Rejected", tone: "bad" },
} as const satisfies Record<PreviewRecord["outcome"], { label: string; tone: Tone }>;

/** The last ten records that were fetched, through the mapping as it stands. */
export function LivePreview({ editor }: { readonly editor: MappingEditor }) {
  const { preview, targets, mapping, canPreview } = editor;
  const mapped = targets.filter(({ name }) => mapping.rules.some((rule) => rule.target === name));
  return (
    <Card component="section" aria-labelledby="preview" padding={0}>
      <Group justify="space-between" className={classes.columnHead}>
        <div>
          <Title order={2} id="preview">
            Live preview
          </Title>
          <Text size="sm" c="dimmed">
            Real records through the mapping as it stands. Nothing is written.
          </Text>
        </div>
        {preview.data !== undefined && (
          <Text size="sm" c="dimmed">
            Fetched <RelativeTime at={preview.data.fetchedAt} />
          </Text>
        )}
      </Group>
      <Stack p="md">
        {!canPreview && <Text c="dimmed">Give the integration a credential to see real records here.</Text>}
        {canPreview && preview.isLoading && <LoadingTable rows={5} />}
        {preview.data?.records.length === 0 && <Text c="dimmed">The vendor lists nobody.</Text>}
        {preview.data !== undefined && preview.data.records.length > 0 && (
          <ScrollArea
            type="auto"
            viewportProps={{ tabIndex: 0, role: "region", "aria-label": "Records of the live preview" }}
          >
            <Table verticalSpacing={8} fz="sm" miw={Math.max(640, mapped.length * 185)}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Outcome</Table.Th>
                  {mapped.map(({ name, label }) => (
                    <Table.Th key={name}>{name.startsWith("saas.") ? `SaaS user: ${label}` : label}</Table.Th>
                  ))}
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {preview.data.records.map((record, index) => (
                  <Table.Tr key={record.key ?? `record ${index}`}>
                    <Table.Td>
                      <StatusBadge status={record.outcome} {...outcomes[record.outcome]} />
                    </Table.Td>
                    {mapped.map((target) => (
                      <Table.Td key={target.name} className="wrap-anywhere">
                        <Value record={record} target={target} />
                      </Table.Td>
                    ))}
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </ScrollArea>
        )}
      </Stack>
    </Card>
  );
}

function Value({ record, target }: { readonly record: PreviewRecord; readonly target: Target }) {
  const problem = record.problems.find((each) => each.target === target.name);
  if (problem !== undefined) return <span className={classes.bad}>{problem.message}</span>;
  const value = target.name.startsWith("saas.") ? record.saas[target.name.slice(5)] : record.person[target.name];
  if (value === undefined) return <span className="quiet">not written</span>;
  return value === null ? <span className="quiet">empty</span> : showValue(value);
}
