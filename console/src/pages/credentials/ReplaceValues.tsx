import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import type { Credential } from "@rollcall/core/contract/credentials.ts";
import { updateCredential } from "../../api/credentials.ts";
import { useCommand } from "../../api/use-command.ts";
import { Problem } from "../../components/Problem.tsx";
import { useProblemForm } from "../../forms/use-problem-form.ts";
import { CredentialFields } from "./CredentialFields.tsx";
import type { CredentialField } from "./credential-kinds.ts";

type Props = {
  readonly credential: Credential;
  readonly fields: readonly CredentialField[];
  readonly onClose: () => void;
};

/** New values for old ones. The old ones are not shown, since nobody can. */
export function ReplaceValues({ credential, fields, onClose }: Props) {
  const update = useCommand(
    (values: Record<string, string>) => updateCredential(credential.id, { values }),
    ["/credentials"],
  );
  const { form, error, busy, submit } = useProblemForm({ initialValues: { values: {} as Record<string, string> } });
  const given = Object.entries(form.values.values).filter(([, value]) => value !== "");
  return (
    <Modal opened onClose={onClose} title="Replace what the vendor gave you" centered>
      <form
        autoComplete="off"
        onSubmit={submit(async () => {
          await update.mutateAsync(Object.fromEntries(given));
          onClose();
        })}
      >
        <Stack gap="md">
          <Text size="sm" c="dimmed">
            Only the fields you fill in are replaced. Test the credential afterwards.
          </Text>
          <CredentialFields form={form} fields={fields} hints={credential.hints} />
          {error !== undefined && <Problem error={error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={busy} disabled={given.length === 0}>
              Replace
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
