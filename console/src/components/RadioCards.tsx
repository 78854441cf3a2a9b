import { Radio, Stack } from "@mantine/core";

/** What a choice is called and what it does; without a help where the name says it all. */
type Words = { readonly label: string; readonly help: string };

type Props<Value extends string> = {
  readonly label: string;
  readonly words: Readonly<Record<Value, Words>>;
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  /** Choices that cannot be taken, with the reason. */
  readonly blocked?: Partial<Record<Value, string>>;
  readonly error?: React.ReactNode;
};

/** A choice between a few, each with what it does. */
export function RadioCards<Value extends string>({ label, words, value, onChange, blocked = {}, error }: Props<Value>) {
  const choices = Object.entries(words) as [Value, Words][];
  return (
    <Radio.Group label={label} value={value} onChange={(next) => onChange(next as Value)} error={error}>
      <Stack gap={8} mt={6}>
        {choices.map(([choice, { label: name, help }]) => (
          <Radio
            key={choice}
            value={choice}
            label={name}
            description={blocked[choice] ?? (help === "" ? undefined : help)}
            disabled={blocked[choice] !== undefined}
          />
        ))}
      </Stack>
    </Radio.Group>
  );
}
