import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { createSoftware } from "../../api/saas.ts";
import { useCommand } from "../../api/use-command.ts";
import { Problem } from "../../components/Problem.tsx";
import { useProblemForm } from "../../forms/use-problem-form.ts";
import { paths } from "../../paths.ts";
import { useGo } from "../../ui/Link.tsx";

/** An application by hand; an integration can be told to fill it. */
export function AddApplication({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  const go = useGo();
  const create = useCommand(createSoftware, ["/saas"], ({ id }) => go(paths.saasApplication(id, "information")));
  const { form, error, busy, submit } = useProblemForm({ initialValues: { name: "", publisher: "", category: "" } });
  return (
    <Modal opened={opened} onClose={onClose} title="Add application" centered>
      <form onSubmit={submit((values) => create.mutateAsync(values))}>
        <Stack gap="md">
          <TextInput label="Name" required data-autofocus {...form.getInputProps("name")} />
          <TextInput label="Publisher" {...form.getInputProps("publisher")} />
          <TextInput label="Category" {...form.getInputProps("category")} />
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
