import { Card, Group, Stack, Text, Title } from "@mantine/core";
import type { Integration } from "@rollcall/core/contract/integrations.ts";
import { trackingFields } from "@rollcall/core/mapping/compile-sources.ts";
import { describeFilter } from "@rollcall/core/mapping/describe-filter.ts";
import { IconArrowRight, IconKey } from "@tabler/icons-react";
import { useQueries, useQuery } from "@tanstack/react-query";
import { connectorOptions } from "../../api/connectors.ts";
import { inventoryFieldsOptions } from "../../api/inventory-fields.ts";
import { paths } from "../../paths.ts";
import { Link } from "../../ui/Link.tsx";
import { constantText } from "../mapping/mapping-draft.ts";
import classes from "./IntegrationsPage.module.css";

/** What every integration maps, and by which sync keys it finds people. */
export function MappingOverview({ integrations }: { readonly integrations: readonly Integration[] }) {
  const fields = useQuery(inventoryFieldsOptions()).data?.data ?? [];
  const ids = [...new Set(integrations.map(({ connector }) => connector))];
  const connectors = useQueries({ queries: ids.map((id) => connectorOptions(id)) });
  const targetLabel = (target: string) => {
    const [entity, name] = target.startsWith("saas.") ? ["saas-user", target.slice(5)] : ["person", target];
    const label = fields.find((field) => field.entity === entity && field.name === name)?.label ?? name;
    return entity === "saas-user" ? `SaaS user: ${label}` : label;
  };
  return (
    <Stack gap="md">
      {integrations.map(({ id, name, connector, mapping, filter, mode }) => {
        const sources = connectors[ids.indexOf(connector)]?.data?.fields ?? [];
        const labels = new Map([...sources, ...trackingFields].map((field) => [field.id, field.label]));
        const rules = mapping.rules
          .filter(({ target }) => mode === "user-plus-saas" || !target.startsWith("saas."))
          .toSorted((a, b) => (a.syncKey ?? 99) - (b.syncKey ?? 99));
        return (
          <Card component="article" key={id}>
            <Group justify="space-between">
              <Title order={2} className="wrap-anywhere">
                {name}
              </Title>
              <Link to={paths.mapping(id)} aria-label={`Open the mapping of ${name}`}>
                Open the mapping
              </Link>
            </Group>
            <ul className={classes.mapping} aria-label={`Mapping of ${name}`}>
              {rules.map(({ source, target, syncKey }) => (
                <li key={target} data-key={syncKey !== undefined || undefined}>
                  {syncKey !== undefined && (
                    <>
                      <IconKey size={13} aria-hidden />
                      <span>Sync key {syncKey}:</span>
                    </>
                  )}
                  {sourceLabel(source, labels)}
                  <IconArrowRight size={13} aria-label="to" role="img" />
                  {targetLabel(target)}
                </li>
              ))}
            </ul>
            <Text size="sm" c="dimmed" mt="sm">
              {describeFilter(filter, labels)}
            </Text>
          </Card>
        );
      })}
    </Stack>
  );
}

function sourceLabel(source: string, labels: ReadonlyMap<string, string>): string {
  const text = constantText(source);
  return text === null ? (labels.get(source) ?? source) : `“${text}”`;
}
