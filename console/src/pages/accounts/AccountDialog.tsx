import { Button, Group, Modal, Radio, Stack, TextInput } from "@mantine/core";
import { type Account, accountRoles, type InvitedAccount } from "@rollcall/core/contract/accounts.ts";
import { createAccount, updateAccount } from "../../api/accounts.ts";
import { useCommand } from "../../api/use-command.ts";
import { Problem } from "../../components/Problem.tsx";
import { useProblemForm } from "../../forms/use-problem-form.ts";
import { roleWords } from "./role-words.ts";

type Props = {
  /** The account to change; absent: a new one. */
  readonly account?: Account;
  readonly onClose: () => void;
  readonly onCreated?: (account: InvitedAccount) => void;
};

export function AccountDialog({ account, onClose, onCreated }: Props) {
  const create = useCommand(createAccount, ["/accounts"]);
  const update = useCommand(
    ({ id, ...changes }: Pick<Account, "id" | "name" | "role">) => updateAccount(id, changes),
    ["/accounts", "/session"],
  );
  const { form, error, busy, submit } = useProblemForm({
    initialValues: { name: account?.name ?? "", email: account?.email ?? "", role: account?.role ?? "viewer" },
  });
  const save = async ({ name, email, role }: typeof form.values) => {
    if (account !== undefined) {
      await update.mutateAsync({ id: account.id, name, role });
      onClose();
      return;
    }
    const known = accountRoles.find((each) => each === role) ?? "viewer";
    const created = await create.mutateAsync({ name, email, role: known });
    onClose();
    onCreated?.(created);
  };
  return (
    <Modal opened onClose={onClose} title={account === undefined ? "Add an account" : "Change the account"} centered>
      <form onSubmit={submit(save)}>
        <Stack gap="md">
          <TextInput label="Name" required data-autofocus {...form.getInputProps("name")} />
          {account === undefined && <TextInput label="E-mail" type="email" required {...form.getInputProps("email")} />}
          <Radio.Group label="Role" {...form.getInputProps("role")}>
            <Stack gap={8} mt={6}>
              {accountRoles.map((role) => (
                <Radio
                  key={role}
                  value={role}
                  {...{ label: roleWords(role).label, description: roleWords(role).help }}
                />
              ))}
            </Stack>
          </Radio.Group>
          {error !== undefined && <Problem error={error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={busy}>
              {account === undefined ? "Add the account" : "Save"}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
