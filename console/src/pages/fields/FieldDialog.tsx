import { Button, Checkbox, Group, Modal, NativeSelect, Stack, TagsInput, Textarea, TextInput } from "@mantine/core";
import type { Field } from "@rollcall/core/contract/fields.ts";
import { createField, updateField } from "../../api/inventory-fields.ts";
import { useCommand } from "../../api/use-command.ts";
import { Problem } from "../../components/Problem.tsx";
import { useProblemForm } from "../../forms/use-problem-form.ts";
import { fieldTypeWords } from "../mapping/mapping-fields.ts";

type Props = {
  /** The field to change; absent: a new one. */
  readonly field?: Field;
  readonly label?: string | undefined;
  readonly entity?: Field["entity"] | undefined;
  readonly onClose: () => void;
  readonly onSaved?: (field: Field) => void;
};

const types = Object.entries(fieldTypeWords) as [Field["type"], string][];

/** Adds a field to the inventory, or changes one. What a field is made of stays as it was made. */
export function FieldDialog({ field, label = "", entity = "person", onClose, onSaved }: Props) {
  const save = useCommand(
    (values: typeof form.values) => {
      const choices = values.type === "choice" ? values.choices : null;
      const { label: text, help, mandatory, editable, history } = values;
      const changeable = { label: text, help, mandatory, editable, history, choices };
      return field === undefined
        ? createField({ ...changeable, entity: values.entity, type: values.type, unique: values.unique })
        : updateField(field.id, field.builtIn ? { label: text, help, editable, history } : changeable);
    },
    ["/fields", "/integrations"],
    onSaved,
  );
  const { form, error, busy, submit } = useProblemForm({
    initialValues: {
      label: field?.label ?? label,
      entity: field?.entity ?? entity,
      type: field?.type ?? ("short-text" as Field["type"]),
      unique: field?.unique ?? false,
      mandatory: field?.mandatory ?? false,
      editable: field?.editable ?? true,
      history: field?.history ?? true,
      help: field?.help ?? "",
      choices: [...(field?.choices ?? [])],
    },
  });
  const isNew = field === undefined;
  return (
    <Modal opened onClose={onClose} title={isNew ? "Add new inventory field" : `Change ${field.label}`} centered>
      <form
        onSubmit={submit(async (values) => {
          await save.mutateAsync(values);
          onClose();
        })}
      >
        <Stack gap="md">
          <TextInput label="Label" required maxLength={128} data-autofocus {...form.getInputProps("label")} />
          <Group grow align="flex-start">
            <NativeSelect
              label="Belongs to"
              disabled={!isNew}
              data={[
                { value: "person", label: "A person" },
                { value: "saas-user", label: "A SaaS user" },
              ]}
              {...form.getInputProps("entity")}
            />
            <NativeSelect
              label="Type"
              disabled={!isNew}
              data={types.map(([value, text]) => ({ value, label: text }))}
              {...form.getInputProps("type")}
            />
          </Group>
          {form.values.type === "choice" && (
            <TagsInput
              label="Choices"
              description="Type one and press Enter."
              required
              {...form.getInputProps("choices")}
            />
          )}
          <Textarea
            label="Help"
            description="Shown beside the field."
            maxLength={1024}
            autosize
            minRows={2}
            {...form.getInputProps("help")}
          />
          <Stack gap="xs">
            <Checkbox
              label="Unique"
              description="No two people have the same value; it can be a sync key."
              disabled={!isNew}
              {...form.getInputProps("unique", { type: "checkbox" })}
            />
            <Checkbox
              label="Mandatory"
              description="A record without it is rejected."
              disabled={field?.builtIn === true}
              {...form.getInputProps("mandatory", { type: "checkbox" })}
            />
            <Checkbox
              label="Editable"
              description="People can change it by hand."
              {...form.getInputProps("editable", { type: "checkbox" })}
            />
            <Checkbox label="Add updates to history" {...form.getInputProps("history", { type: "checkbox" })} />
          </Stack>
          {error !== undefined && <Problem error={error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={busy}>
              {isNew ? "Add the field" : "Save"}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
