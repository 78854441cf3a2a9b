import { Card } from "@mantine/core";
import { createDestination } from "../../api/destinations.ts";
import { useCommand } from "../../api/use-command.ts";
import { NoPermission } from "../../components/NoPermission.tsx";
import { PageHeader } from "../../components/PageHeader.tsx";
import { paths } from "../../paths.ts";
import { usePermission } from "../../session/session-context.ts";
import { useGo } from "../../ui/Link.tsx";
import { DestinationForm } from "./DestinationForm.tsx";
import { newDestinationValues } from "./destination-form-values.ts";
import { Unverified } from "./Unverified.tsx";

export function NewDestinationPage() {
  const { allowed } = usePermission("destination.write");
  const go = useGo();
  const create = useCommand(createDestination, ["/destinations"]);
  return (
    <>
      <PageHeader
        title="New destination"
        crumbs={[{ label: "Configuration" }, { label: "Destinations", to: paths.destinations() }]}
        description="An Oomnitza instance that is to be kept in step."
      />
      <Unverified />
      {allowed ? (
        <Card mt="lg">
          <DestinationForm
            initialValues={newDestinationValues}
            onSave={async (body) => {
              const { id } = await create.mutateAsync(body);
              go(paths.destination(id), { replace: true });
            }}
            onCancel={() => go(paths.destinations())}
          />
        </Card>
      ) : (
        <NoPermission />
      )}
    </>
  );
}
