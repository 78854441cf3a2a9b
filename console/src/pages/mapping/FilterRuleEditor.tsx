import { ActionIcon, Autocomplete, NativeSelect, NumberInput, TagsInput, TextInput } from "@mantine/core";
import type { FilterRule } from "@rollcall/core/mapping/filter-schema.ts";
import { IconX } from "@tabler/icons-react";
import { operatorsFor, operatorWords, valueKind, withOperator } from "./filter-draft.ts";
import classes from "./MappingPage.module.css";
import { type MappingEditor, problemAt } from "./use-mapping-editor.ts";

type Props = {
  readonly rule: FilterRule;
  readonly pointer: string;
  readonly position: number;
  readonly editor: MappingEditor;
  readonly onChange: (rule: FilterRule) => void;
  readonly onRemove: () => void;
};

/** One rule: a field, what is asked of it, and what it is compared with. */
export function FilterRuleEditor({ rule, pointer, position, editor, onChange, onRemove }: Props) {
  const fields = editor.sources.filter(({ kind }) => kind !== "tracking");
  const known = fields.find(({ id }) => id === rule.field);
  const type = editor.connector.fields.find(({ id }) => id === rule.field)?.type;
  const operators = operatorsFor(type);
  const name = `Rule ${position}`;
  return (
    <fieldset className={classes.rule} aria-label={name}>
      <Autocomplete
        aria-label={`${name}: field`}
        placeholder="A field, or a path such as /status"
        value={known?.label ?? rule.field}
        data={fields.map(({ label }) => label)}
        error={problemAt(editor.problems, `${pointer}/field`)}
        onChange={(text) => onChange({ ...rule, field: fields.find(({ label }) => label === text)?.id ?? text })}
      />
      <NativeSelect
        aria-label={`${name}: comparison`}
        value={rule.operator}
        error={problemAt(editor.problems, `${pointer}/operator`)}
        data={[...new Set([...operators, rule.operator])].map((operator) => ({
          value: operator,
          label: operatorWords[operator],
        }))}
        onChange={({ currentTarget }) => {
          const operator = (Object.keys(operatorWords) as FilterRule["operator"][]).find(
            (each) => each === currentTarget.value,
          );
          if (operator !== undefined) onChange(withOperator(rule, operator));
        }}
      />
      <RuleValue rule={rule} name={name} error={problemAt(editor.problems, `${pointer}/value`)} onChange={onChange} />
      <ActionIcon variant="subtle" color="gray" aria-label={`Remove rule ${position}`} onClick={onRemove} mt={4}>
        <IconX size={16} aria-hidden />
      </ActionIcon>
    </fieldset>
  );
}

type ValueProps = {
  readonly rule: FilterRule;
  readonly name: string;
  readonly error: string | undefined;
  readonly onChange: (rule: FilterRule) => void;
};

function RuleValue({ rule, name, error, onChange }: ValueProps) {
  const label = `${name}: value`;
  const set = (value: NonNullable<FilterRule["value"]>) => onChange({ ...rule, value });
  switch (valueKind(rule.operator)) {
    case "none":
      return <span />;
    case "list":
      return (
        <TagsInput
          aria-label={label}
          placeholder="Type and press Enter"
          value={Array.isArray(rule.value) ? rule.value : []}
          onChange={set}
          error={error}
        />
      );
    case "days":
    case "number":
      return (
        <NumberInput
          aria-label={label}
          value={typeof rule.value === "number" ? rule.value : ""}
          onChange={(value) => set(value === "" ? 0 : value)}
          error={error}
        />
      );
    case "date":
      return (
        <TextInput
          aria-label={label}
          type="date"
          value={typeof rule.value === "string" ? rule.value.slice(0, 10) : ""}
          onChange={({ currentTarget }) => set(currentTarget.value)}
          error={error}
        />
      );
    case "text":
      return (
        <TextInput
          aria-label={label}
          placeholder={rule.operator === "matches" ? "* any text, ? one character" : undefined}
          value={rule.value === undefined || Array.isArray(rule.value) ? "" : String(rule.value)}
          onChange={({ currentTarget }) => set(currentTarget.value)}
          error={error}
        />
      );
  }
}
