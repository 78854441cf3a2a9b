import { NumberInput, Stack, Switch } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import type { GuardSettings } from "@rollcall/core/contract/integrations.ts";
import classes from "./DetailsForm.module.css";

export type GuardTexts = { readonly enabled: boolean } & Readonly<
  Record<Exclude<keyof GuardSettings, "enabled">, number | string>
>;

export function guardTexts(guard: GuardSettings): GuardTexts {
  return { ...guard };
}

/** As sent; a field left empty keeps what it was. */
export function guardValues({ enabled, ...numbers }: GuardTexts): Partial<GuardSettings> {
  const given = Object.entries(numbers).filter(([, value]) => value !== "");
  return { enabled, ...Object.fromEntries(given.map(([name, value]) => [name, Number(value)])) };
}

type Props<Form extends { readonly guard: GuardTexts }> = { readonly form: UseFormReturnType<Form> };

/** The limits above which deactivations wait for a person. */
export function GuardFields<Form extends { readonly guard: GuardTexts }>({ form }: Props<Form>) {
  const off = !form.values.guard.enabled;
  const number = (name: keyof GuardSettings) => ({ disabled: off, ...form.getInputProps(`guard.${name}`) });
  return (
    <Stack gap="md">
      <Switch
        label="Guard"
        description="Many deactivations at once, and any while an account that was read before is out of sight, wait until somebody approves them."
        {...form.getInputProps("guard.enabled", { type: "checkbox" })}
      />
      <div className={classes.numbers}>
        <NumberInput label="More than this many people" min={0} max={1000000} {...number("minCount")} />
        <NumberInput label="and more than this share" suffix=" %" min={0} max={100} {...number("maxPercent")} />
        <NumberInput label="or this share" suffix=" %" min={0} max={100} {...number("windowPercent")} />
        <NumberInput label="within this many days" min={1} max={90} {...number("windowDays")} />
        <NumberInput
          label="Complete runs before absence counts"
          min={1}
          max={30}
          {...form.getInputProps("guard.confirmRuns")}
        />
      </div>
    </Stack>
  );
}
