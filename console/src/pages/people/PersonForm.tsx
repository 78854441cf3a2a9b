import { Button, Group, SimpleGrid, Stack } from "@mantine/core";
import type { Field } from "@rollcall/core/contract/fields.ts";
import type { Person } from "@rollcall/core/contract/people.ts";
import { updatePerson } from "../../api/people.ts";
import { useCommand } from "../../api/use-command.ts";
import { Problem } from "../../components/Problem.tsx";
import { useProblemForm } from "../../forms/use-problem-form.ts";
import { changeOf, type FieldTexts, fieldValueOf, textOf } from "./person-values.ts";
import { TypedInput } from "./TypedInput.tsx";

type Props = { readonly person: Person; readonly fields: readonly Field[]; readonly onDone: () => void };

/** A person's fields to change by hand, each with an input of its type. */
export function PersonForm({ person, fields, onDone }: Props) {
  const editable = fields.filter((field) => field.editable);
  const update = useCommand(
    (texts: FieldTexts) => updatePerson(person.id, changeOf(person, editable, texts)),
    [],
    onDone,
  );
  const { form, error, busy, submit } = useProblemForm<FieldTexts>({
    initialValues: Object.fromEntries(
      editable.map((field) => [field.name, textOf(fieldValueOf(person, field), field.type)]),
    ),
    fieldOf: (pointer) => pointer.replace(/^\/(attributes\/)?/, ""),
  });
  return (
    <form onSubmit={submit(update.mutateAsync)}>
      <Stack gap="md">
        <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} spacing="lg">
          {editable.map((field) => (
            <TypedInput key={field.name} field={field} {...form.getInputProps(field.name)} />
          ))}
        </SimpleGrid>
        {error !== undefined && <Problem error={error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onDone}>
            Cancel
          </Button>
          <Button type="submit" loading={busy}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
