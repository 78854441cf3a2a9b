import { Card, Group, Stack, Text, Title } from "@mantine/core";
import type { Destination } from "@rollcall/core/contract/destinations.ts";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { destinationOptions, testDestination, updateDestination } from "../../api/destinations.ts";
import { useCommand } from "../../api/use-command.ts";
import { ErrorState } from "../../components/ErrorState.tsx";
import { LoadingCards } from "../../components/LoadingTable.tsx";
import { PageHeader } from "../../components/PageHeader.tsx";
import { Problem } from "../../components/Problem.tsx";
import { TestAnswer } from "../../components/TestAnswer.tsx";
import { paths } from "../../paths.ts";
import { PermissionButton } from "../../session/PermissionButton.tsx";
import { usePermission } from "../../session/session-context.ts";
import { useTableAddress } from "../../table/use-table-address.ts";
import { Deliveries } from "./Deliveries.tsx";
import { DestinationActions } from "./DestinationActions.tsx";
import { DestinationForm } from "./DestinationForm.tsx";
import { DestinationSettings } from "./DestinationSettings.tsx";
import { DestinationState } from "./DestinationState.tsx";
import { valuesOf } from "./destination-form-values.ts";
import { PushState } from "./PushState.tsx";
import { Unverified } from "./Unverified.tsx";

const crumbs = [{ label: "Configuration" }, { label: "Destinations", to: paths.destinations() }];

/** One destination: how it is, its settings, and what was sent. */
export function DestinationPage() {
  const { id = "" } = useParams({ strict: false }) as { readonly id?: string };
  const destination = useQuery(destinationOptions(id));
  if (destination.data !== undefined) return <LoadedDestination key={id} destination={destination.data} />;
  return (
    <>
      <PageHeader title="Destination" crumbs={crumbs} />
      {destination.isError ? (
        <ErrorState error={destination.error} onRetry={() => void destination.refetch()} />
      ) : (
        <LoadingCards />
      )}
    </>
  );
}

function LoadedDestination({ destination }: { readonly destination: Destination }) {
  const [{ edit }, changeAddress] = useTableAddress();
  const [error, setError] = useState<unknown>();
  const mayWrite = usePermission("destination.write").allowed;
  const test = useCommand(() => testDestination(destination.id), ["/destinations"]);
  const update = useCommand(
    (body: Parameters<typeof updateDestination>[1]) => updateDestination(destination.id, body),
    ["/destinations"],
  );
  const editing = edit === "settings" && mayWrite;
  const close = () => changeAddress({ edit: undefined });
  return (
    <>
      <PageHeader
        title={destination.name}
        crumbs={crumbs}
        badge={<DestinationState destination={destination} />}
        description={<span className="wrap-anywhere">{destination.url}</span>}
        actions={
          <DestinationActions
            destination={destination}
            testing={test.isPending}
            onTest={() => test.mutate(undefined)}
            onError={setError}
          />
        }
      />
      <Stack gap="lg">
        <Unverified />
        {error !== undefined && <Problem error={error} />}
        {test.isError && <Problem error={test.error} />}
        {test.isSuccess && <TestAnswer outcome={test.data} />}
        <PushState destination={destination} />
        <Card component="section" aria-labelledby="settings">
          <Group justify="space-between" mb="md" gap="sm">
            <Title order={2} id="settings">
              Settings
            </Title>
            {!editing && (
              <PermissionButton
                permission="destination.write"
                variant="default"
                size="xs"
                aria-label="Edit: Settings"
                onClick={() => changeAddress({ edit: "settings" })}
              >
                Edit
              </PermissionButton>
            )}
          </Group>
          {editing ? (
            <DestinationForm
              initialValues={valuesOf(destination)}
              destinationId={destination.id}
              onSave={async (body) => {
                await update.mutateAsync(body);
                close();
              }}
              onCancel={close}
            />
          ) : (
            <DestinationSettings destination={destination} />
          )}
        </Card>
        <div>
          <Title order={2}>Deliveries</Title>
          <Text size="sm" c="dimmed" mb="sm">
            Each is a record to be brought into step: what waits, what was done, and what the instance did not take.
          </Text>
          <Deliveries destination={destination} />
        </div>
      </Stack>
    </>
  );
}
