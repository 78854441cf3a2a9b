import { Button, Card, Group, NativeSelect, Stack, Text, Title } from "@mantine/core";
import type { Software } from "@rollcall/core/contract/saas.ts";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { allCatalogOptions, updateSoftware } from "../../api/saas.ts";
import { useCommand } from "../../api/use-command.ts";
import { Problem } from "../../components/Problem.tsx";
import { PermissionButton } from "../../session/PermissionButton.tsx";

/** The entry of the software catalog that this application is; to link and unlink. */
export function CatalogLink({ software }: { readonly software: Software }) {
  const [chosen, setChosen] = useState("");
  const catalog = useQuery(allCatalogOptions());
  const link = useCommand((catalogEntryId: string | null) => updateSoftware(software.id, { catalogEntryId }));
  const entries = catalog.data?.data ?? [];
  const linked = entries.find(({ id }) => id === software.catalogEntryId);
  return (
    <Card component="section" aria-labelledby="catalog-title">
      <Title order={2} id="catalog-title" mb="xs">
        Software catalog
      </Title>
      <Stack gap="sm">
        {software.catalogEntryId === null ? (
          <>
            <Text>
              This application is not linked to an entry of the software catalog. Integrations find it by its entry.
            </Text>
            <Group align="flex-end">
              <NativeSelect
                label="Entry"
                value={chosen}
                onChange={({ currentTarget }) => setChosen(currentTarget.value)}
                data={[
                  { value: "", label: "Choose an entry" },
                  ...entries.map(({ id, name }) => ({ value: id, label: name })),
                ]}
              />
              <PermissionButton
                permission="saas.write"
                disabledBecause={chosen === "" ? "Choose an entry first." : undefined}
                loading={link.isPending}
                onClick={() => link.mutate(chosen)}
              >
                Link
              </PermissionButton>
            </Group>
          </>
        ) : (
          <Group justify="space-between">
            <Text>
              Linked to <strong>{linked?.name ?? "an entry"}</strong>
              {linked !== undefined && linked.publisher !== "" && <> by {linked.publisher}</>}.
            </Text>
            <PermissionButton
              permission="saas.write"
              variant="default"
              loading={link.isPending}
              onClick={() => link.mutate(null)}
            >
              Unlink
            </PermissionButton>
          </Group>
        )}
        {catalog.isError && (
          <Group>
            <Text>The catalog could not be read.</Text>
            <Button variant="default" size="compact-sm" onClick={() => void catalog.refetch()}>
              Try again
            </Button>
          </Group>
        )}
        {link.isError && <Problem error={link.error} />}
      </Stack>
    </Card>
  );
}
