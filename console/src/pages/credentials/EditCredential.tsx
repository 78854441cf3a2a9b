import { Button, Group, Modal, Select, Stack, TextInput } from "@mantine/core";
import type { Credential } from "@rollcall/core/contract/credentials.ts";
import { useQuery } from "@tanstack/react-query";
import { allAccountsOptions } from "../../api/accounts.ts";
import { updateCredential } from "../../api/credentials.ts";
import { useCommand } from "../../api/use-command.ts";
import { Problem } from "../../components/Problem.tsx";
import { useProblemForm } from "../../forms/use-problem-form.ts";
import { usePermission } from "../../session/session-context.ts";

type Props = { readonly credential: Credential; readonly onClose: () => void };

export function EditCredential({ credential, onClose }: Props) {
  const { id, name, ownerId, expiresOn } = credential;
  const seesAccounts = usePermission("account.read").allowed;
  const accounts = useQuery({ ...allAccountsOptions(), enabled: seesAccounts });
  const update = useCommand(
    (values: typeof form.values) =>
      updateCredential(id, {
        name: values.name,
        expiresOn: values.expiresOn === "" ? null : values.expiresOn,
        ownerId: values.ownerId === "" ? null : values.ownerId,
      }),
    ["/credentials"],
  );
  const { form, error, busy, submit } = useProblemForm({
    initialValues: { name, ownerId: ownerId ?? "", expiresOn: expiresOn ?? "" },
  });
  return (
    <Modal opened onClose={onClose} title="Edit the credential" centered>
      <form
        onSubmit={submit(async (values) => {
          await update.mutateAsync(values);
          onClose();
        })}
      >
        <Stack gap="md">
          <TextInput label="Name" required data-autofocus {...form.getInputProps("name")} />
          {seesAccounts && (
            <Select
              label="Owner"
              clearable
              data={(accounts.data?.data ?? []).map((account) => ({ value: account.id, label: account.name }))}
              {...form.getInputProps("ownerId")}
              onChange={(value) => form.setFieldValue("ownerId", value ?? "")}
            />
          )}
          <TextInput
            type="date"
            label="Good until"
            description="Warnings come 30, 7 and 1 days ahead. Leave it empty when it does not expire."
            {...form.getInputProps("expiresOn")}
          />
          {error !== undefined && <Problem error={error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={busy}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
