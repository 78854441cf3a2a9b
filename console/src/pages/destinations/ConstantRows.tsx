import { NativeSelect, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import type { Constant, ConstantKind, DestinationValues } from "./destination-form-values.ts";
import { FormRows } from "./FormRows.tsx";

/** What a new person gets in the instance besides the fields of People. */
export function ConstantRows({ form }: { readonly form: UseFormReturnType<DestinationValues> }) {
  return (
    <FormRows<Constant>
      title="Constants for new people"
      help="What a person who is new there gets besides. The instance wants a role, by its number."
      one="constant"
      add="Add a constant"
      heads={["Name in the instance", "Value", "Kind"]}
      lines={form.values.constants}
      onAdd={() => form.insertListItem("constants", { name: "", kind: "text", value: "" })}
      onRemove={(index) => form.removeListItem("constants", index)}
      render={({ kind }, index) => (
        <>
          <TextInput
            aria-label={`Name in the instance, constant ${index + 1}`}
            placeholder="Name in the instance"
            {...form.getInputProps(`constants.${index}.name`)}
          />
          {kind === "yes-no" ? (
            <NativeSelect
              aria-label={`Value, constant ${index + 1}`}
              data={[
                { value: "yes", label: "yes" },
                { value: "no", label: "no" },
              ]}
              {...form.getInputProps(`constants.${index}.value`)}
            />
          ) : (
            <TextInput
              aria-label={`Value, constant ${index + 1}`}
              placeholder="Value"
              inputMode={kind === "number" ? "decimal" : "text"}
              {...form.getInputProps(`constants.${index}.value`)}
            />
          )}
          <NativeSelect
            aria-label={`Kind, constant ${index + 1}`}
            data={[
              { value: "text", label: "text" },
              { value: "number", label: "number" },
              { value: "yes-no", label: "yes or no" },
            ]}
            {...form.getInputProps(`constants.${index}.kind`)}
            onChange={({ currentTarget }) => {
              const chosen = currentTarget.value as ConstantKind;
              form.setFieldValue(`constants.${index}.kind`, chosen);
              if (chosen === "yes-no") form.setFieldValue(`constants.${index}.value`, "yes");
            }}
          />
        </>
      )}
    />
  );
}
