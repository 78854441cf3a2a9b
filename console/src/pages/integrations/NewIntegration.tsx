import { Button, Drawer, Group, Stack, Text, TextInput, Title } from "@mantine/core";
import type { ConnectorSummary } from "@rollcall/core/contract/connectors.ts";
import { IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { connectorsOptions } from "../../api/connectors.ts";
import { createIntegration } from "../../api/integrations.ts";
import { hasCode } from "../../api/problem-error.ts";
import { useCommand } from "../../api/use-command.ts";
import { ErrorState } from "../../components/ErrorState.tsx";
import { LoadingTable } from "../../components/LoadingTable.tsx";
import { Problem } from "../../components/Problem.tsx";
import { paths } from "../../paths.ts";
import { usePermission } from "../../session/session-context.ts";
import { useGo } from "../../ui/Link.tsx";

type Props = { readonly opened: boolean; readonly onClose: () => void };

/** The sidebar with everything that can be connected. Add makes a draft and opens it. */
export function NewIntegration({ opened, onClose }: Props) {
  return (
    <Drawer opened={opened} onClose={onClose} title="New integration" position="right" size={420}>
      {opened && <Catalogue />}
    </Drawer>
  );
}

function Catalogue() {
  const [text, setText] = useState("");
  const connectors = useQuery(connectorsOptions());
  const mayAdd = usePermission("integration.write");
  const go = useGo();
  const create = useCommand(addDraft, ["/integrations"], ({ id }) => go(paths.integration(id)));
  const wanted = text.trim().toLowerCase();
  const fits = ({ name, publisher, category }: ConnectorSummary) =>
    [name, publisher, category].some((word) => word.toLowerCase().includes(wanted));

  return (
    <Stack gap="lg">
      <TextInput
        type="search"
        label="Search"
        placeholder="Vendor, application or category"
        leftSection={<IconSearch size={16} aria-hidden />}
        value={text}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
        data-autofocus
      />
      {connectors.isPending && <LoadingTable rows={4} />}
      {connectors.isError && <ErrorState error={connectors.error} onRetry={() => void connectors.refetch()} />}
      {create.isError && <Problem error={create.error} />}
      {!mayAdd.allowed && <Text c="dimmed">{mayAdd.reason}</Text>}
      {connectors.data?.groups.map(({ kind, label, connectors: ids }) => {
        const found = connectors.data.data.filter((each) => ids.includes(each.id) && fits(each));
        return (
          <section key={kind} aria-labelledby={`group-${kind}`}>
            <Text size="sm" c="dimmed">
              Extended
            </Text>
            <Title order={3} id={`group-${kind}`} mb={6}>
              {label}
            </Title>
            {found.length === 0 && (
              <Text size="sm" c="dimmed">
                {ids.length === 0 ? "There are none in this version." : "None fits the search."}
              </Text>
            )}
            {found.map((connector) => (
              <Group key={connector.id} justify="space-between" wrap="nowrap" py={8}>
                <div>
                  <Text fw={600}>{connector.name}</Text>
                  <Text size="sm" c="dimmed">
                    {connector.publisher}, {connector.category}
                  </Text>
                </div>
                <Button
                  variant="light"
                  aria-label={`Add ${connector.name}`}
                  disabled={!mayAdd.allowed}
                  loading={create.isPending && create.variables.id === connector.id}
                  onClick={() => create.mutate(connector)}
                >
                  Add
                </Button>
              </Group>
            ))}
          </section>
        );
      })}
    </Stack>
  );
}

/** A draft with the connector's name; where another integration has it, with a number behind. */
async function addDraft({ id, name }: ConnectorSummary) {
  for (let number = 1; ; number += 1) {
    try {
      return await createIntegration({ connector: id, name: number === 1 ? name : `${name} ${number}` });
    } catch (error) {
      if (!hasCode(error, "integration.name_taken") || number === 50) throw error;
    }
  }
}
