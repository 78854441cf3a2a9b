import { NativeSelect, Textarea, TextInput } from "@mantine/core";
import type { Field } from "@rollcall/core/contract/fields.ts";
import type { ReactNode } from "react";

type Props = {
  readonly field: Field;
  readonly value?: string;
  readonly error?: ReactNode;
  readonly onChange?: (value: unknown) => void;
};

/** The input for a field's type. All of them hold text; the server types it by the field. */
export function TypedInput({ field, ...input }: Props) {
  const words = {
    label: field.label,
    required: field.mandatory,
    ...(field.help === "" ? {} : { description: field.help }),
  };
  switch (field.type) {
    case "short-text":
      return <TextInput {...words} {...input} maxLength={256} />;
    case "long-text":
      return <Textarea {...words} {...input} maxLength={1024} autosize minRows={2} maxRows={8} />;
    case "number":
      return <TextInput {...words} {...input} inputMode="numeric" />;
    case "decimal":
      return <TextInput {...words} {...input} inputMode="decimal" />;
    case "date-time":
      return <TextInput {...words} label={`${field.label} (UTC)`} {...input} type="datetime-local" step={1} />;
    case "yes-no":
      return <NativeSelect {...words} {...input} data={[{ value: "", label: "" }, ...yesNo]} />;
    case "choice":
      return <NativeSelect {...words} {...input} data={["", ...(field.choices ?? [])]} />;
  }
}

const yesNo = [
  { value: "true", label: "Yes" },
  { value: "false", label: "No" },
];
