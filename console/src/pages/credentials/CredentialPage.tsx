import { Card, Group, List, Stack, Text, Title } from "@mantine/core";
import type { Credential } from "@rollcall/core/contract/credentials.ts";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { connectorOptions, connectorsOptions } from "../../api/connectors.ts";
import { credentialOptions, deleteCredential } from "../../api/credentials.ts";
import { useCommand } from "../../api/use-command.ts";
import { AccountName } from "../../components/AccountName.tsx";
import { ConfirmDialog } from "../../components/ConfirmDialog.tsx";
import { ErrorState } from "../../components/ErrorState.tsx";
import { Facts } from "../../components/Facts.tsx";
import { LoadingCards } from "../../components/LoadingTable.tsx";
import { PageHeader } from "../../components/PageHeader.tsx";
import { paths } from "../../paths.ts";
import { PermissionButton } from "../../session/PermissionButton.tsx";
import { Link, useGo } from "../../ui/Link.tsx";
import { RelativeTime } from "../../ui/RelativeTime.tsx";
import { CredentialTest } from "./CredentialTest.tsx";
import { connectorForms, genericKinds, kindLabel } from "./credential-kinds.ts";
import { EditCredential } from "./EditCredential.tsx";
import { ExpiryDate } from "./ExpiryDate.tsx";
import { ReplaceValues } from "./ReplaceValues.tsx";

const crumbs = [{ label: "Configuration" }, { label: "Security" }, { label: "Credentials", to: paths.credentials() }];

export function CredentialPage() {
  const { id = "" } = useParams({ strict: false }) as { readonly id?: string };
  const credential = useQuery(credentialOptions(id));
  if (credential.isError) {
    return (
      <>
        <PageHeader title="Credential" crumbs={crumbs} />
        <ErrorState error={credential.error} onRetry={() => void credential.refetch()} />
      </>
    );
  }
  if (credential.isPending) {
    return (
      <>
        <PageHeader title="Credential" crumbs={crumbs} />
        <LoadingCards />
      </>
    );
  }
  return <LoadedCredential credential={credential.data} />;
}

function LoadedCredential({ credential }: { readonly credential: Credential }) {
  const [open, setOpen] = useState<"edit" | "replace" | "delete" | null>(null);
  const go = useGo();
  const remove = useCommand(deleteCredential, ["/credentials"]);
  const connectors = useQuery(connectorsOptions()).data?.data ?? [];
  const isVendor = connectors.some(({ id }) => id === credential.kind);
  const connector = useQuery({ ...connectorOptions(credential.kind), enabled: isVendor }).data;
  const fields = fieldsOf(credential, connector);
  const close = () => setOpen(null);
  return (
    <>
      <PageHeader
        title={credential.name}
        crumbs={crumbs}
        description={kindLabel(credential.kind, connectors)}
        actions={
          <PermissionButton permission="credential.write" variant="default" onClick={() => setOpen("delete")}>
            Delete
          </PermissionButton>
        }
      />
      <Stack gap="lg">
        <Card component="section" aria-labelledby="details">
          <SectionHead
            id="details"
            title="Details"
            action={
              <PermissionButton
                permission="credential.write"
                variant="default"
                size="xs"
                onClick={() => setOpen("edit")}
              >
                Edit
              </PermissionButton>
            }
          />
          <Facts
            facts={[
              ["Owner", <AccountName key="owner" id={credential.ownerId} absent="nobody" />],
              ["Good until", <ExpiryDate key="expiry" expiresOn={credential.expiresOn} />],
              ["Added", <RelativeTime key="added" at={credential.createdAt} />],
              ["Changed", <RelativeTime key="changed" at={credential.updatedAt} />],
            ]}
          />
        </Card>
        <Card component="section" aria-labelledby="values">
          <SectionHead
            id="values"
            title="What the vendor gave you"
            action={
              <PermissionButton
                permission="credential.write"
                variant="default"
                size="xs"
                onClick={() => setOpen("replace")}
              >
                Replace
              </PermissionButton>
            }
          />
          <Facts
            facts={Object.entries(credential.hints).map(([name, hint]) => [
              fields.find((field) => field.name === name)?.label ?? name,
              <code key={name}>{hint}</code>,
            ])}
          />
          <Text size="sm" c="dimmed" mt="sm">
            Secrets are encrypted and are never shown again, here or anywhere. They can only be replaced.
          </Text>
        </Card>
        <CredentialTest credential={credential} connector={connector} />
        <Card component="section" aria-labelledby="uses">
          <SectionHead id="uses" title="Used by" />
          {credential.integrations.length === 0 ? (
            <Text c="dimmed">No integration uses it.</Text>
          ) : (
            <List>
              {credential.integrations.map(({ id, name }) => (
                <List.Item key={id}>
                  <Link to={paths.integration(id)}>{name}</Link>
                </List.Item>
              ))}
            </List>
          )}
        </Card>
      </Stack>
      {open === "edit" && <EditCredential credential={credential} onClose={close} />}
      {open === "replace" && <ReplaceValues credential={credential} fields={fields} onClose={close} />}
      <ConfirmDialog
        opened={open === "delete"}
        onClose={close}
        title="Delete this credential?"
        confirm="Delete"
        danger
        onConfirm={async () => {
          await remove.mutateAsync(credential.id);
          go(paths.credentials(), { replace: true });
        }}
      >
        {credential.integrations.length === 0 ? (
          <>“{credential.name}” and its secrets are removed for good. What the vendor gave you stays valid there.</>
        ) : (
          <>
            It is used by {credential.integrations.map(({ name }) => name).join(", ")}. Give them another credential
            first, or archive them.
          </>
        )}
      </ConfirmDialog>
    </>
  );
}

function SectionHead({
  id,
  title,
  action,
}: {
  readonly id: string;
  readonly title: string;
  readonly action?: React.ReactNode;
}) {
  return (
    <Group justify="space-between" mb="sm">
      <Title order={2} id={id}>
        {title}
      </Title>
      {action}
    </Group>
  );
}

function fieldsOf({ kind, hints }: Credential, connector: Parameters<typeof connectorForms>[0] | undefined) {
  const forms = connector === undefined ? genericKinds.filter((each) => each.kind === kind) : connectorForms(connector);
  // A vendor with several kinds of sign-in: the one whose fields were filled in.
  const filled = forms.find(({ fields }) => fields.every(({ name, optional }) => optional === true || name in hints));
  return (filled ?? forms[0])?.fields ?? [];
}
