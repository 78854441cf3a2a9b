import { SegmentedControl, TextInput } from "@mantine/core";
import type { Integration } from "@rollcall/core/contract/integrations.ts";
import { IconPlugConnected, IconPlus, IconSearch, IconSearchOff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { connectorsOptions } from "../../api/connectors.ts";
import { allIntegrationsOptions } from "../../api/integrations.ts";
import { EmptyState } from "../../components/EmptyState.tsx";
import { ErrorState } from "../../components/ErrorState.tsx";
import { LoadingCards } from "../../components/LoadingTable.tsx";
import { PageHeader } from "../../components/PageHeader.tsx";
import { PermissionButton } from "../../session/PermissionButton.tsx";
import { useTableAddress } from "../../table/use-table-address.ts";
import { IntegrationList } from "./IntegrationList.tsx";
import classes from "./IntegrationsPage.module.css";
import { IntegrationTile } from "./IntegrationTile.tsx";
import { MappingOverview } from "./MappingOverview.tsx";
import { NewIntegration } from "./NewIntegration.tsx";

const views = [
  { value: "blocks", label: "Blocks" },
  { value: "list", label: "List" },
  { value: "mappings", label: "Mappings" },
];

/** Configuration > Integrations > Overview. */
export function IntegrationsPage() {
  const [{ view = "blocks", q = "", new: adding }, change] = useTableAddress();
  const integrations = useQuery(allIntegrationsOptions());
  const connectors = useQuery(connectorsOptions()).data?.data ?? [];
  const connectorName = (id: string) => connectors.find((each) => each.id === id)?.name ?? id;
  const wanted = q.trim().toLowerCase();
  const found = (integrations.data?.data ?? []).filter(({ name, connector }) =>
    [name, connectorName(connector)].some((text) => text.toLowerCase().includes(wanted)),
  );
  const add = (
    <PermissionButton
      permission="integration.write"
      leftSection={<IconPlus size={16} aria-hidden />}
      onClick={() => change({ new: "yes" })}
    >
      New integration
    </PermissionButton>
  );

  return (
    <>
      <PageHeader
        title="Integrations"
        documentTitle="Integrations overview"
        crumbs={[{ label: "Configuration" }, { label: "Integrations" }]}
        description="Each one reads the users of a vendor's application on a schedule and keeps your inventory in step."
        actions={add}
      />
      {(integrations.data?.data.length ?? 0) > 0 && (
        <div className={classes.toolbar}>
          <TextInput
            type="search"
            aria-label="Search integrations"
            placeholder="Search integrations"
            leftSection={<IconSearch size={16} aria-hidden />}
            value={q}
            onChange={({ currentTarget }) => change({ q: currentTarget.value })}
            className={classes.search}
          />
          <SegmentedControl
            aria-label="View"
            value={view}
            onChange={(next) => change({ view: next === "blocks" ? undefined : next })}
            data={views}
          />
        </div>
      )}
      {integrations.isPending && <LoadingCards cards={2} height={170} />}
      {integrations.isError && <ErrorState error={integrations.error} onRetry={() => void integrations.refetch()} />}
      {integrations.isSuccess && integrations.data.data.length === 0 && (
        <EmptyState icon={IconPlugConnected} title="No integrations yet" action={add}>
          Choose a vendor, give it a credential, look at what would happen, and launch it.
        </EmptyState>
      )}
      {integrations.isSuccess && integrations.data.data.length > 0 && found.length === 0 && (
        <EmptyState icon={IconSearchOff} title="No integration found">
          None is called “{q}”.
        </EmptyState>
      )}
      {found.length > 0 && <View view={view} integrations={found} connectorName={connectorName} />}
      <NewIntegration opened={adding !== undefined} onClose={() => change({ new: undefined })} />
    </>
  );
}

type ViewProps = {
  readonly view: string;
  readonly integrations: readonly Integration[];
  readonly connectorName: (id: string) => string;
};

function View({ view, integrations, connectorName }: ViewProps) {
  if (view === "list") return <IntegrationList integrations={integrations} connectorName={connectorName} />;
  if (view === "mappings") return <MappingOverview integrations={integrations} />;
  return (
    <ul className={classes.tiles}>
      {integrations.map((integration) => (
        <li key={integration.id}>
          <IntegrationTile integration={integration} connectorName={connectorName(integration.connector)} />
        </li>
      ))}
    </ul>
  );
}
