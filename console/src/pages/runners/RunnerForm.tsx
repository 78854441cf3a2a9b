import { Button, Group, Modal, MultiSelect, Radio, Stack, TextInput } from "@mantine/core";
import type { CreateRunner, Runner } from "@rollcall/core/contract/runners.ts";
import { useQuery } from "@tanstack/react-query";
import { allIntegrationsOptions } from "../../api/integrations.ts";
import { Problem } from "../../components/Problem.tsx";
import { useProblemForm } from "../../forms/use-problem-form.ts";

type Props = {
  /** The runner to change; absent: a new one. */
  readonly runner?: Runner;
  readonly onSave: (body: CreateRunner) => Promise<unknown>;
  readonly onClose: () => void;
};

/** Asks for a runner's name and what it may read. */
export function RunnerForm({ runner, onSave, onClose }: Props) {
  const integrations = useQuery(allIntegrationsOptions()).data?.data ?? [];
  const chosen = runner?.integrationIds ?? [];
  const local = integrations.filter(
    ({ id, installation, status }) => chosen.includes(id) || (installation === "local" && status !== "archived"),
  );
  const { form, error, busy, submit } = useProblemForm({
    initialValues: {
      name: runner?.name ?? "",
      which: chosen.length === 0 ? "all" : "some",
      integrationIds: [...chosen],
    },
    validate: {
      integrationIds: (ids, { which }) => (which === "some" && ids.length === 0 ? "Choose at least one." : null),
    },
    fieldOf: (pointer) => (pointer.startsWith("/integrationIds") ? "integrationIds" : undefined),
  });
  return (
    <Modal opened onClose={onClose} title={runner === undefined ? "Add a runner" : `Change ${runner.name}`} centered>
      <form
        onSubmit={submit(async ({ name, which, integrationIds }) =>
          onSave({ name, integrationIds: which === "all" ? null : integrationIds }),
        )}
      >
        <Stack gap="md">
          <TextInput
            label="Name"
            description="For example the name of the machine."
            required
            data-autofocus
            {...form.getInputProps("name")}
          />
          <Radio.Group label="What it may read" {...form.getInputProps("which")}>
            <Stack gap={8} mt={6}>
              <Radio value="all" label="Every local integration" description="Those that are added later too." />
              <Radio
                value="some"
                label="Only some"
                disabled={local.length === 0}
                description={local.length === 0 ? "There is no local integration to choose yet." : undefined}
              />
            </Stack>
          </Radio.Group>
          {form.values.which === "some" && (
            <MultiSelect
              label="Local integrations"
              required
              searchable
              data={local.map(({ id, name }) => ({ value: id, label: name }))}
              {...form.getInputProps("integrationIds")}
            />
          )}
          {error !== undefined && <Problem error={error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={busy}>
              {runner === undefined ? "Make the code" : "Save"}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
