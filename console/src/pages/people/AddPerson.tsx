import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { createPerson } from "../../api/people.ts";
import { useCommand } from "../../api/use-command.ts";
import { Problem } from "../../components/Problem.tsx";
import { useProblemForm } from "../../forms/use-problem-form.ts";
import { paths } from "../../paths.ts";
import { useGo } from "../../ui/Link.tsx";

/** A person by hand. Integrations find them by their sync keys, so that no second one is made. */
export function AddPerson({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  const go = useGo();
  const create = useCommand(createPerson, ["/people"], ({ id }) => go(paths.person(id)));
  const { form, error, busy, submit } = useProblemForm({
    initialValues: { email: "", username: "", fullName: "", role: "User" },
  });
  return (
    <Modal opened={opened} onClose={onClose} title="Add person" centered>
      <form
        onSubmit={submit(({ email, username, fullName, role }) =>
          create.mutateAsync({
            email,
            username: username === "" ? email : username,
            fullName: fullName === "" ? null : fullName,
            role,
          }),
        )}
      >
        <Stack gap="md">
          <TextInput label="Email" required data-autofocus {...form.getInputProps("email")} />
          <TextInput
            label="Username"
            description="The email address when left empty."
            {...form.getInputProps("username")}
          />
          <TextInput label="Full name" {...form.getInputProps("fullName")} />
          <TextInput label="Role" required {...form.getInputProps("role")} />
          {error !== undefined && <Problem error={error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={busy}>
              Add
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
