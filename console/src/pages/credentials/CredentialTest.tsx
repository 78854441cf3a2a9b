import { Card, Group, Stack, Text, TextInput, Title } from "@mantine/core";
import type { Connector } from "@rollcall/core/contract/connectors.ts";
import type { Credential } from "@rollcall/core/contract/credentials.ts";
import { IconPlugConnected } from "@tabler/icons-react";
import { useState } from "react";
import { testCredential } from "../../api/credentials.ts";
import { useCommand } from "../../api/use-command.ts";
import { Problem } from "../../components/Problem.tsx";
import { TestAnswer } from "../../components/TestAnswer.tsx";
import { PermissionButton } from "../../session/PermissionButton.tsx";

type Props = { readonly credential: Credential; readonly connector: Connector | undefined };

/** Really calls the vendor. Without an integration, the vendor's address is asked for here. */
export function CredentialTest({ credential, connector }: Props) {
  const address = connector?.inputs.find(({ input }) => input.kind === "url");
  const usual = address?.input.kind === "url" ? (address.input.default ?? "") : "";
  const [url, setUrl] = useState<string>();
  const test = useCommand(
    () =>
      testCredential(credential.id, asked && address !== undefined ? { inputs: { [address.name]: url ?? usual } } : {}),
    ["/credentials"],
  );
  const asked = credential.integrations.length === 0 && address !== undefined;
  const outcome = test.data ?? credential.lastTest;
  return (
    <Card component="section" aria-labelledby="test">
      <Stack gap="md">
        <div>
          <Title order={2} id="test">
            Connection test
          </Title>
          <Text size="sm" c="dimmed">
            Signs in at the vendor and reads one page. Nothing is changed, there or here.
          </Text>
        </div>
        <Group align="flex-end">
          {asked && (
            <TextInput
              label={address.input.label}
              value={url ?? usual}
              onChange={({ currentTarget }) => setUrl(currentTarget.value)}
              miw={280}
              flex={1}
              maw={420}
            />
          )}
          <PermissionButton
            permission="credential.test"
            leftSection={<IconPlugConnected size={16} aria-hidden />}
            loading={test.isPending}
            onClick={() => test.mutate(undefined)}
          >
            Test
          </PermissionButton>
        </Group>
        {test.isError && <Problem error={test.error} />}
        {outcome !== null && !test.isPending && <TestAnswer outcome={outcome} />}
      </Stack>
    </Card>
  );
}
