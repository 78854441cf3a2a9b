import { NativeSelect, PasswordInput, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import type { CredentialField } from "./credential-kinds.ts";

type Values = { readonly values: Record<string, string> };

type Props<Form extends Values> = {
  readonly form: UseFormReturnType<Form>;
  readonly fields: readonly CredentialField[];
  /** What may be shown of the values there are; then every field may stay empty and keeps its value. */
  readonly hints?: Readonly<Record<string, string>>;
};

/** The vendor's own fields of a credential. Nothing typed here is kept by the browser. */
export function CredentialFields<Form extends Values>({ form, fields, hints }: Props<Form>) {
  return fields.map(({ name, label, help, secret, optional, choices }) => {
    const path = `values.${name}`;
    const hint = hints?.[name];
    const common = {
      label,
      description: help ?? undefined,
      required: hints === undefined && optional !== true,
      placeholder: hint === undefined ? undefined : `${hint}, stays as it is`,
      autoComplete: "off",
      ...form.getInputProps(path),
      value: (form.values.values[name] ?? "") as string,
    };
    if (choices !== undefined) return <NativeSelect key={name} {...common} data={[...choices]} />;
    return secret ? (
      <PasswordInput key={name} {...common} autoComplete="new-password" data-1p-ignore data-lpignore="true" />
    ) : (
      <TextInput key={name} {...common} />
    );
  });
}
