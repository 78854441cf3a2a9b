import { Group, NumberInput, TagsInput, Textarea, TextInput } from "@mantine/core";
import type { MappingFunction } from "@rollcall/core/mapping/mapping-schema.ts";
import { useState } from "react";
import { readTable, tableText } from "./function-forms.ts";

type Props = { readonly definition: MappingFunction; readonly onChange: (definition: MappingFunction) => void };

/** What a function wants to know; most want nothing. */
export function FunctionArguments({ definition, onChange }: Props) {
  switch (definition.name) {
    case "split":
      return (
        <Group grow align="flex-start">
          <TextInput
            label="At"
            maxLength={16}
            value={definition.separator}
            onChange={({ currentTarget }) => onChange({ ...definition, separator: currentTarget.value })}
          />
          <NumberInput
            label="Which part"
            description="0 is the first, -1 the last; empty: all."
            allowDecimal={false}
            min={-100}
            max={100}
            value={definition.index ?? ""}
            onChange={(value) => {
              const { index: _index, ...others } = definition;
              onChange(typeof value === "number" ? { ...others, index: value } : others);
            }}
          />
        </Group>
      );
    case "join":
      return (
        <TextInput
          label="With this between"
          maxLength={16}
          value={definition.separator}
          onChange={({ currentTarget }) => onChange({ ...definition, separator: currentTarget.value })}
        />
      );
    case "date-parse":
    case "date-format":
      return (
        <TextInput
          label="Pattern"
          description={
            definition.name === "date-parse"
              ? "Made of yyyy, MM, dd, HH, mm, ss; or unix for seconds, unix-ms for milliseconds."
              : "Made of yyyy, MM, dd, HH, mm, ss."
          }
          maxLength={40}
          value={definition.format}
          onChange={({ currentTarget }) => onChange({ ...definition, format: currentTarget.value })}
        />
      );
    case "default":
      return (
        <TextInput
          label="Value"
          value={definition.value}
          onChange={({ currentTarget }) => onChange({ ...definition, value: currentTarget.value })}
        />
      );
    case "map-table":
      return <TableArguments definition={definition} onChange={onChange} />;
    case "boolean":
      return (
        <TagsInput
          label="These mean yes"
          description="Everything else means no. Empty: true, yes, y, on and 1 mean yes; false, no, n, off and 0 mean no."
          value={[...(definition.trueValues ?? [])]}
          onChange={(values) =>
            onChange(values.length === 0 ? { name: "boolean" } : { ...definition, trueValues: values })
          }
        />
      );
    default:
      return null;
  }
}

type TableProps = {
  readonly definition: Extract<MappingFunction, { name: "map-table" }>;
  readonly onChange: Props["onChange"];
};

function TableArguments({ definition, onChange }: TableProps) {
  // Kept as typed, since a line that is half written is no row yet.
  const [text, setText] = useState(() => tableText(definition.table));
  return (
    <>
      <Textarea
        label="Table"
        description="One line each: the vendor's value = ours."
        autosize
        minRows={3}
        value={text}
        onChange={({ currentTarget: { value } }) => {
          setText(value);
          onChange({ ...definition, table: readTable(value) });
        }}
      />
      <TextInput
        label="Anything else becomes"
        description="Empty: it stays as it is."
        value={definition.otherwise ?? ""}
        onChange={({ currentTarget: { value } }) => {
          const { otherwise: _otherwise, ...others } = definition;
          onChange(value === "" ? others : { ...others, otherwise: value });
        }}
      />
    </>
  );
}
