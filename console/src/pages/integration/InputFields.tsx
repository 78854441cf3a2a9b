import { NativeSelect, PasswordInput, Switch, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import type { Connector } from "@rollcall/core/contract/connectors.ts";
import type { InputTexts } from "./connector-inputs.ts";

type Values = { readonly inputs: InputTexts };
type Props<Form extends Values> = {
  readonly form: UseFormReturnType<Form>;
  readonly inputs: Connector["inputs"];
};

/** The connector's own questions, as its file asks them. */
export function InputFields<Form extends Values>({ form, inputs }: Props<Form>) {
  return inputs.map(({ name, input }) => {
    const common = { label: input.label, description: input.help };
    const props = form.getInputProps(`inputs.${name}`);
    const value = form.values.inputs[name];
    if (input.kind === "yes-no") {
      return <Switch key={name} {...common} {...props} value="on" checked={value === true} />;
    }
    const text = { ...common, ...props, value: String(value ?? "") };
    if (input.kind === "choice") return <NativeSelect key={name} {...text} data={[...input.choices]} />;
    if (input.kind === "text" && input.secret)
      return <PasswordInput key={name} {...text} autoComplete="new-password" />;
    return (
      <TextInput
        key={name}
        {...text}
        inputMode={input.kind === "integer" ? "numeric" : "text"}
        placeholder={"optional" in input && input.optional ? "optional" : undefined}
      />
    );
  });
}
