import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { connectorOptions } from "../../api/connectors.ts";
import { integrationOptions } from "../../api/integrations.ts";
import { inventoryFieldsOptions } from "../../api/inventory-fields.ts";
import { ErrorState } from "../../components/ErrorState.tsx";
import { LoadingCards } from "../../components/LoadingTable.tsx";
import { PageHeader } from "../../components/PageHeader.tsx";
import { paths } from "../../paths.ts";
import { MappingWorkbench } from "./MappingWorkbench.tsx";

/** Which field of the vendor goes where, who is found by what, and who passes. */
export function MappingPage() {
  const { id = "" } = useParams({ strict: false }) as { readonly id?: string };
  const integration = useQuery(integrationOptions(id));
  const connector = useQuery({
    ...connectorOptions(integration.data?.connector ?? ""),
    enabled: integration.data !== undefined,
  });
  const fields = useQuery(inventoryFieldsOptions());
  const failed = [integration, connector, fields].find(({ isError }) => isError);
  const name = integration.data?.name ?? "Integration";
  const crumbs = [
    { label: "Configuration" },
    { label: "Integrations", to: paths.integrations() },
    { label: name, to: paths.integration(id) },
  ];
  if (failed === undefined && integration.data && connector.data && fields.data) {
    return (
      <MappingWorkbench
        integration={integration.data}
        connector={connector.data}
        fields={fields.data.data}
        crumbs={crumbs}
      />
    );
  }
  return (
    <>
      <PageHeader title="Mapping" documentTitle={`Mapping of ${name}`} crumbs={crumbs} />
      {failed === undefined ? (
        <LoadingCards cards={2} height={320} />
      ) : (
        <ErrorState error={failed.error} onRetry={() => void failed.refetch()} />
      )}
    </>
  );
}
