import { Stack } from "@mantine/core";
import type { Integration } from "@rollcall/core/contract/integrations.ts";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { connectorOptions } from "../../api/connectors.ts";
import { integrationOptions } from "../../api/integrations.ts";
import { ErrorState } from "../../components/ErrorState.tsx";
import { LoadingCards } from "../../components/LoadingTable.tsx";
import { PageHeader } from "../../components/PageHeader.tsx";
import { Problem } from "../../components/Problem.tsx";
import { paths } from "../../paths.ts";
import { useTableAddress } from "../../table/use-table-address.ts";
import { useNow } from "../../ui/RelativeTime.tsx";
import { StatusBadge } from "../../ui/StatusBadge.tsx";
import { healthOf } from "../integrations/integration-health.ts";
import { CredentialSection } from "./CredentialSection.tsx";
import { DetailsSection } from "./DetailsSection.tsx";
import { IntegrationActions } from "./IntegrationActions.tsx";
import { LaunchSection } from "./LaunchSection.tsx";
import { MappingSection } from "./MappingSection.tsx";
import { RecentRuns } from "./RecentRuns.tsx";
import { ScheduleSection } from "./ScheduleSection.tsx";

const crumbs = [{ label: "Configuration" }, { label: "Integrations", to: paths.integrations() }];

export function IntegrationPage() {
  const { id = "" } = useParams({ strict: false }) as { readonly id?: string };
  const integration = useQuery(integrationOptions(id));
  if (integration.data !== undefined) return <LoadedIntegration integration={integration.data} />;
  return (
    <>
      <PageHeader title="Integration" crumbs={crumbs} />
      {integration.isError ? (
        <ErrorState error={integration.error} onRetry={() => void integration.refetch()} />
      ) : (
        <LoadingCards cards={4} height={180} />
      )}
    </>
  );
}

function LoadedIntegration({ integration }: { readonly integration: Integration }) {
  const connector = useQuery(connectorOptions(integration.connector));
  const [{ edit }, change] = useTableAddress();
  const [error, setError] = useState<unknown>();
  const health = healthOf(integration, useNow());
  const sectionProps = (name: string) => ({
    integration,
    editing: edit === name,
    onEdit: (editing: boolean) => change({ edit: editing ? name : undefined }),
  });
  const { status } = integration;
  return (
    <>
      <PageHeader
        title={integration.name}
        crumbs={crumbs}
        description={connector.data?.name ?? integration.connector}
        badge={<StatusBadge status={status} label={health.label} tone={health.tone} />}
        actions={<IntegrationActions integration={integration} onError={setError} />}
      />
      <Stack gap="lg">
        {error !== undefined && <Problem error={error} />}
        {connector.isError && <Problem error={connector.error} onRetry={() => void connector.refetch()} />}
        <DetailsSection {...sectionProps("details")} connector={connector.data} />
        <CredentialSection {...sectionProps("credential")} connector={connector.data} />
        <ScheduleSection {...sectionProps("schedule")} />
        <MappingSection integration={integration} connector={connector.data} />
        {status === "draft" ? <LaunchSection integration={integration} /> : null}
        {status !== "draft" && <RecentRuns integrationId={integration.id} />}
      </Stack>
    </>
  );
}
