import { Stack, Text } from "@mantine/core";
import type { Connector } from "@rollcall/core/contract/connectors.ts";
import type { Integration } from "@rollcall/core/contract/integrations.ts";
import { trackingFields } from "@rollcall/core/mapping/compile-sources.ts";
import { describeFilter } from "@rollcall/core/mapping/describe-filter.ts";
import { useQuery } from "@tanstack/react-query";
import { inventoryFieldsOptions } from "../../api/inventory-fields.ts";
import { Facts } from "../../components/Facts.tsx";
import { paths } from "../../paths.ts";
import { useGo } from "../../ui/Link.tsx";
import { Section } from "./Section.tsx";

type Props = { readonly integration: Integration; readonly connector: Connector | undefined };

/** Mappings: how many, by what people are found, who passes. The page of its own does the rest. */
export function MappingSection({ integration: { id, mapping, filter, mode }, connector }: Props) {
  const go = useGo();
  const fields = useQuery(inventoryFieldsOptions()).data?.data ?? [];
  const labels = new Map([...(connector?.fields ?? []), ...trackingFields].map((field) => [field.id, field.label]));
  const people = mapping.rules.filter(({ target }) => !target.startsWith("saas."));
  const keys = people
    .filter(({ syncKey }) => syncKey !== undefined)
    .toSorted((a, b) => (a.syncKey ?? 0) - (b.syncKey ?? 0));
  const label = (target: string) =>
    fields.find(({ entity, name }) => entity === "person" && name === target)?.label ?? target;
  return (
    <Section id="mappings" title="Mappings" onEdit={() => go(paths.mapping(id))}>
      <Stack gap="sm">
        <Facts
          facts={[
            ["Sync keys", keys.length === 0 ? "none chosen" : keys.map(({ target }) => label(target)).join(", then ")],
            ["People fields mapped", String(people.length)],
            ...(mode === "user-plus-saas"
              ? [["SaaS user fields mapped", String(mapping.rules.length - people.length)] as const]
              : []),
            ["Custom API fields", String(mapping.customFields.length)],
          ]}
        />
        <Text>{describeFilter(filter, labels)}</Text>
        {filter.restoreArchived && <Text size="sm">Archived records that come back are restored.</Text>}
        {connector?.notProvided.map(({ field, because }) => (
          <Text key={field} size="sm" c="dimmed">
            {field === "lastActivity" ? "Last activity" : "Status"}: not provided by this vendor. {because}
          </Text>
        ))}
      </Stack>
    </Section>
  );
}
