import { ActionIcon, Group, NativeSelect, Paper, Stack, Text } from "@mantine/core";
import type { MappingFunction } from "@rollcall/core/mapping/mapping-schema.ts";
import { IconArrowDown, IconArrowUp, IconX } from "@tabler/icons-react";
import { FunctionArguments } from "./FunctionArguments.tsx";
import { functionWords, newFunction } from "./function-forms.ts";

type Props = {
  readonly functions: readonly MappingFunction[];
  readonly onChange: (functions: MappingFunction[]) => void;
  /** What is wrong with the function at an index. */
  readonly problemOf: (index: number) => string | undefined;
};

const names = Object.keys(functionWords) as MappingFunction["name"][];

/** What happens to a value on its way, step by step. */
export function FunctionsEditor({ functions, onChange, problemOf }: Props) {
  const move = (from: number, to: number) => {
    const next = [...functions];
    next.splice(to, 0, ...next.splice(from, 1));
    onChange(next);
  };
  return (
    <Stack gap="sm">
      {functions.length === 0 && (
        <Text size="sm" c="dimmed">
          The value is taken as the vendor gives it.
        </Text>
      )}
      {functions.map((definition, index) => {
        const label = `Step ${index + 1}: ${functionWords[definition.name]}`;
        const problem = problemOf(index);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a step has no name but its place
          <Paper key={index} withBorder p="sm" role="group" aria-label={label}>
            <Group justify="space-between" wrap="nowrap">
              <Text fw={600}>{label}</Text>
              <Group gap={2} wrap="nowrap">
                <ActionIcon
                  variant="subtle"
                  aria-label={`${label}, earlier`}
                  disabled={index === 0}
                  onClick={() => move(index, index - 1)}
                >
                  <IconArrowUp size={15} aria-hidden />
                </ActionIcon>
                <ActionIcon
                  variant="subtle"
                  aria-label={`${label}, later`}
                  disabled={index === functions.length - 1}
                  onClick={() => move(index, index + 1)}
                >
                  <IconArrowDown size={15} aria-hidden />
                </ActionIcon>
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  aria-label={`Remove ${label}`}
                  onClick={() => onChange(functions.filter((_, each) => each !== index))}
                >
                  <IconX size={15} aria-hidden />
                </ActionIcon>
              </Group>
            </Group>
            <FunctionArguments
              definition={definition}
              onChange={(next) => onChange(functions.map((each, at) => (at === index ? next : each)))}
            />
            {problem !== undefined && (
              <Text size="sm" c="var(--bad)" mt={4} role="status">
                {problem}
              </Text>
            )}
          </Paper>
        );
      })}
      <NativeSelect
        aria-label="Add a step"
        value=""
        disabled={functions.length >= 10}
        data={[
          { value: "", label: "Add a step …" },
          ...names.map((name) => ({ value: name, label: functionWords[name] })),
        ]}
        onChange={({ currentTarget: { value } }) => {
          const name = names.find((each) => each === value);
          if (name !== undefined) onChange([...functions, newFunction(name)]);
        }}
      />
    </Stack>
  );
}
