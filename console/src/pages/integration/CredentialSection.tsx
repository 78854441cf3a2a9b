import { Group, Select, Stack, Text } from "@mantine/core";
import type { Connector } from "@rollcall/core/contract/connectors.ts";
import type { Integration } from "@rollcall/core/contract/integrations.ts";
import { IconPlugConnected } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { allCredentialsOptions } from "../../api/credentials.ts";
import { testIntegration } from "../../api/integrations.ts";
import { useCommand } from "../../api/use-command.ts";
import { Problem } from "../../components/Problem.tsx";
import { SaveBar } from "../../components/SaveBar.tsx";
import { TestAnswer } from "../../components/TestAnswer.tsx";
import { useProblemForm } from "../../forms/use-problem-form.ts";
import { paths } from "../../paths.ts";
import { PermissionButton } from "../../session/PermissionButton.tsx";
import { Link } from "../../ui/Link.tsx";
import { LinkButton } from "../../ui/LinkButton.tsx";
import { Section } from "./Section.tsx";
import { useSaveIntegration } from "./use-save-integration.ts";

type Props = {
  readonly integration: Integration;
  readonly connector: Connector | undefined;
  readonly editing: boolean;
  readonly onEdit: (editing: boolean) => void;
};

/** Credential details: which one, and whether the vendor lets it in. */
export function CredentialSection({ integration, connector, editing, onEdit }: Props) {
  const { id, credentialId, installation, lastTest } = integration;
  const credentials = useQuery(allCredentialsOptions());
  const test = useCommand(() => testIntegration(id), ["/integrations", "/credentials"]);
  const current = credentials.data?.data.find((each) => each.id === credentialId);
  const outcome = test.data ?? lastTest;

  if (installation === "local") {
    return (
      <Section id="credential" title="Credential details">
        <Text>
          A{" "}
          <Link to={paths.runners()} underline="always">
            local runner
          </Link>{" "}
          on your machine holds the credential. It never comes here.
        </Text>
      </Section>
    );
  }
  return (
    <Section
      id="credential"
      title="Credential details"
      onEdit={editing ? undefined : () => onEdit(true)}
      actions={
        !editing && (
          <PermissionButton
            permission="integration.test"
            variant="light"
            size="xs"
            leftSection={<IconPlugConnected size={14} aria-hidden />}
            disabledBecause={credentialId === null ? "Choose a credential first." : ""}
            loading={test.isPending}
            onClick={() => test.mutate(undefined)}
          >
            Test connection
          </PermissionButton>
        )
      }
    >
      {editing ? (
        <CredentialChoice integration={integration} connector={connector} onDone={() => onEdit(false)} />
      ) : (
        <Stack gap="md">
          {credentialId === null ? (
            <Text c="dimmed">No credential is chosen. Edit to choose one, or to add a new one.</Text>
          ) : (
            <Link to={paths.credential(credentialId)}>{current?.name ?? "The credential"}</Link>
          )}
          {test.isError && <Problem error={test.error} />}
          {outcome !== null && !test.isPending && !test.isError && <TestAnswer outcome={outcome} />}
        </Stack>
      )}
    </Section>
  );
}

type ChoiceProps = Pick<Props, "integration" | "connector"> & { readonly onDone: () => void };

function CredentialChoice({ integration, connector, onDone }: ChoiceProps) {
  const save = useSaveIntegration(integration);
  const credentials = useQuery(allCredentialsOptions()).data?.data ?? [];
  const fitting = credentials.filter(({ kind }) => connector?.credentialKinds.includes(kind) ?? true);
  const { form, error, busy, submit } = useProblemForm({ initialValues: { credentialId: integration.credentialId } });
  return (
    <form
      onSubmit={submit(async (values) => {
        await save(values);
        onDone();
      })}
    >
      <Stack gap="md">
        <Group align="flex-end">
          <Select
            label="Credential"
            placeholder={fitting.length === 0 ? "There is none that fits" : "Choose"}
            flex={1}
            maw={460}
            searchable
            autoFocus
            data={fitting.map(({ id, name }) => ({ value: id, label: name }))}
            {...form.getInputProps("credentialId")}
          />
          <LinkButton
            variant="default"
            to={paths.newCredential({ kind: integration.connector, integration: integration.id })}
          >
            Add new credential
          </LinkButton>
        </Group>
        <SaveBar busy={busy} error={error} onCancel={onDone} />
      </Stack>
    </form>
  );
}
