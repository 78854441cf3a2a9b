import { Autocomplete, Button, Group, NativeSelect, Select, Text } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import type { DestinationField } from "@rollcall/core/contract/destinations.ts";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { instanceFieldsOptions } from "../../api/destinations.ts";
import { inventoryFieldsOptions } from "../../api/inventory-fields.ts";
import { Problem } from "../../components/Problem.tsx";
import type { DestinationValues } from "./destination-form-values.ts";
import { FormRows } from "./FormRows.tsx";

type Props = {
  readonly form: UseFormReturnType<DestinationValues>;
  /** Of a saved destination, whose instance can be asked for its fields. */
  readonly destinationId: string | undefined;
};

/** Which field of People fills which of the instance. */
export function FieldRows({ form, destinationId }: Props) {
  const [asking, setAsking] = useState(false);
  const people = useQuery(inventoryFieldsOptions()).data?.data.filter(({ entity }) => entity === "person") ?? [];
  const instance = useQuery({ ...instanceFieldsOptions(destinationId ?? ""), enabled: asking });
  const known = new Map(instance.data?.data.map((field) => [field.externalId, field.label]));
  return (
    <div>
      <FormRows<DestinationField>
        title="Fields"
        help="Which field of People fills which field of the instance, by its name in the instance's REST API."
        one="field"
        add="Add a field"
        heads={["Field of People", "Name in the instance", "When"]}
        lines={form.values.fields}
        onAdd={() => form.insertListItem("fields", { field: "", externalId: "", when: "always" })}
        onRemove={(index) => form.removeListItem("fields", index)}
        render={(_, index) => (
          <>
            <Select
              aria-label={`Field of People, field ${index + 1}`}
              placeholder="Field of People"
              searchable
              data={people.map(({ name, label }) => ({ value: name, label }))}
              {...form.getInputProps(`fields.${index}.field`)}
            />
            <Autocomplete
              aria-label={`Name in the instance, field ${index + 1}`}
              placeholder="Name in the instance"
              data={[...known.keys()]}
              renderOption={({ option: { value } }) => (
                <div>
                  <Text size="sm">{known.get(value) ?? value}</Text>
                  <Text size="xs" c="dimmed">
                    {value}
                  </Text>
                </div>
              )}
              {...form.getInputProps(`fields.${index}.externalId`)}
            />
            <NativeSelect
              aria-label={`When, field ${index + 1}`}
              data={[
                { value: "always", label: "always" },
                { value: "create", label: "only for new people" },
              ]}
              {...form.getInputProps(`fields.${index}.when`)}
            />
          </>
        )}
      />
      {destinationId !== undefined && (
        <Group mt="sm" gap="sm">
          <Button
            variant="default"
            size="xs"
            loading={instance.isFetching}
            onClick={() => (asking ? void instance.refetch() : setAsking(true))}
          >
            Read the instance's fields
          </Button>
          <Text size="sm" c="dimmed" role="status">
            {instance.isSuccess ? `The instance has ${known.size} fields; they are offered while you type.` : ""}
          </Text>
        </Group>
      )}
      {instance.isError && <Problem error={instance.error} />}
    </div>
  );
}
