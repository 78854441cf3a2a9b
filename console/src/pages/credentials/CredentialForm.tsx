import { Button, Card, Group, SegmentedControl, Select, Stack, TextInput } from "@mantine/core";
import type { Credential } from "@rollcall/core/contract/credentials.ts";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { allAccountsOptions } from "../../api/accounts.ts";
import { connectorOptions } from "../../api/connectors.ts";
import { createCredential } from "../../api/credentials.ts";
import { updateIntegration } from "../../api/integrations.ts";
import { useCommand } from "../../api/use-command.ts";
import { ErrorState } from "../../components/ErrorState.tsx";
import { LoadingTable } from "../../components/LoadingTable.tsx";
import { PageHeader } from "../../components/PageHeader.tsx";
import { Problem } from "../../components/Problem.tsx";
import { useProblemForm } from "../../forms/use-problem-form.ts";
import { paths } from "../../paths.ts";
import { usePermission, useSession } from "../../session/session-context.ts";
import { useGo } from "../../ui/Link.tsx";
import { CredentialFields } from "./CredentialFields.tsx";
import { connectorForms, type CredentialForm as Form, genericKinds } from "./credential-kinds.ts";

type Props = {
  readonly kind: string;
  /** The integration that gets the credential once it is saved. */
  readonly integrationId: string | undefined;
  readonly crumbs: readonly { readonly label: string; readonly to?: string }[];
  readonly onBack: () => void;
};

/** Asks for what the vendor gives. */
export function CredentialForm({ kind, integrationId, crumbs, onBack }: Props) {
  const generic = genericKinds.find((each) => each.kind === kind);
  const connector = useQuery({ ...connectorOptions(kind), enabled: generic === undefined });
  const name = generic?.label ?? connector.data?.name ?? kind;
  const forms = generic !== undefined ? [generic] : connector.data === undefined ? [] : connectorForms(connector.data);
  const change = (
    <Button variant="default" onClick={onBack}>
      Another vendor
    </Button>
  );
  return (
    <>
      <PageHeader title={`New credential for ${name}`} crumbs={crumbs} actions={change} />
      {generic === undefined && connector.isPending && <LoadingTable rows={4} />}
      {connector.isError && <ErrorState error={connector.error} onRetry={() => void connector.refetch()} />}
      {forms.length > 0 && <FilledForm kind={kind} vendor={name} forms={forms} integrationId={integrationId} />}
    </>
  );
}

type FilledProps = {
  readonly kind: string;
  readonly vendor: string;
  readonly forms: readonly Form[];
  readonly integrationId: string | undefined;
};

function FilledForm({ kind, vendor, forms, integrationId }: FilledProps) {
  const { account } = useSession();
  const [chosen, setChosen] = useState("0");
  const go = useGo();
  const seesAccounts = usePermission("account.read").allowed;
  const accounts = useQuery({ ...allAccountsOptions(), enabled: seesAccounts });
  const create = useCommand(createCredential, ["/credentials"]);
  const current = forms[Number(chosen)] ?? forms[0];
  const { form, error, busy, submit } = useProblemForm({
    initialValues: { name: vendor, ownerId: account.id, expiresOn: "", values: {} as Record<string, string> },
  });
  const save = async ({ name, ownerId, expiresOn, values }: typeof form.values) => {
    const names = current?.fields.map((field) => field.name) ?? [];
    const given = Object.entries(values).filter(([field, value]) => value !== "" && names.includes(field));
    const saved: Credential = await create.mutateAsync({
      name,
      kind,
      ownerId,
      expiresOn: expiresOn === "" ? null : expiresOn,
      values: Object.fromEntries(given),
    });
    if (integrationId === undefined) return go(paths.credential(saved.id), { replace: true });
    await updateIntegration(integrationId, { credentialId: saved.id });
    go(paths.integration(integrationId), { replace: true });
  };
  return (
    <Card maw={640}>
      <form onSubmit={submit(save)} autoComplete="off">
        <Stack gap="md">
          <TextInput
            label="Name"
            description="How you will find it again. Several accounts of one vendor need different names."
            required
            key={form.key("name")}
            {...form.getInputProps("name")}
          />
          {forms.length > 1 && (
            <SegmentedControl
              aria-label="Kind of sign-in"
              value={chosen}
              onChange={setChosen}
              data={forms.map(({ label }, index) => ({ value: String(index), label }))}
            />
          )}
          <CredentialFields form={form} fields={current?.fields ?? []} />
          <Group grow align="flex-start">
            {seesAccounts && (
              <Select
                label="Owner"
                description="Who renews it."
                data={(accounts.data?.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
                {...form.getInputProps("ownerId")}
              />
            )}
            <TextInput
              type="date"
              label="Good until"
              description="You are warned 30, 7 and 1 days ahead."
              key={form.key("expiresOn")}
              {...form.getInputProps("expiresOn")}
            />
          </Group>
          {error !== undefined && <Problem error={error} />}
          <Group justify="flex-end">
            <Button
              variant="default"
              onClick={() => go(integrationId === undefined ? paths.credentials() : paths.integration(integrationId))}
            >
              Cancel
            </Button>
            <Button type="submit" loading={busy}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Card>
  );
}
