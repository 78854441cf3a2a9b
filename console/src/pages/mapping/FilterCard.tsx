import { Card, Radio, Stack, Switch, Text, Title } from "@mantine/core";
import type { FilterGroup } from "@rollcall/core/mapping/filter-schema.ts";
import { usePermission } from "../../session/session-context.ts";
import { FilterGroupEditor } from "./FilterGroupEditor.tsx";
import { type MappingEditor, problemAt } from "./use-mapping-editor.ts";

const firstRules: FilterGroup = { all: [{ field: "email", operator: "not-empty" }] };

/** Which records create or update. One that does not pass is present all the same: it never counts as missing. */
export function FilterCard({ editor }: { readonly editor: MappingEditor }) {
  const { filter, setFilter, preview, problems, connector } = editor;
  const { allowed } = usePermission("integration.write");
  const general = problems.find(({ pointer }) => pointer === "/filter/rules")?.message;
  const start = connector.fields.some(({ id }) => id === "email")
    ? firstRules
    : { all: [{ field: connector.fields[0]?.id ?? "id", operator: "not-empty" as const }] };
  return (
    <Card component="section" aria-labelledby="filters">
      <Stack gap="md">
        <div>
          <Title order={2} id="filters">
            Filters
          </Title>
          <Text size="sm" c="dimmed">
            Who does not pass is neither created nor updated, and is never taken for somebody who left.
          </Text>
        </div>
        <Radio.Group
          aria-label="Which records"
          value={filter.mode}
          onChange={(mode) =>
            setFilter({
              ...filter,
              mode: mode === "if" ? "if" : "always",
              rules: filter.rules ?? (mode === "if" ? start : null),
            })
          }
        >
          <Stack gap={8}>
            <Radio value="always" label="Always create and update" disabled={!allowed} />
            <Radio value="if" label="Create and update if …" disabled={!allowed} />
          </Stack>
        </Radio.Group>
        {filter.mode === "if" && filter.rules !== null && (
          <FilterGroupEditor
            group={filter.rules}
            pointer="/filter/rules"
            depth={1}
            editor={editor}
            onChange={(rules) => setFilter({ ...filter, rules })}
          />
        )}
        {general !== undefined && <Text c="var(--bad)">{general}</Text>}
        <Text aria-live="polite" fw={550}>
          {preview.data !== undefined && problemAt(problems, "/filter") === undefined ? (
            <>
              {preview.data.passing} of the last {preview.data.fetched} fetched records pass
              {preview.isFetching && " …"}
            </>
          ) : null}
        </Text>
        <Switch
          label="Restore archived records"
          description="An archived person that the vendor still lists comes back."
          checked={filter.restoreArchived}
          disabled={!allowed}
          onChange={({ currentTarget }) => setFilter({ ...filter, restoreArchived: currentTarget.checked })}
        />
      </Stack>
    </Card>
  );
}
