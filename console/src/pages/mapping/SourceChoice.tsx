import { NativeSelect, TextInput } from "@mantine/core";
import type { MappingRule } from "@rollcall/core/mapping/mapping-schema.ts";
import { usePermission } from "../../session/session-context.ts";
import { constantSource, constantText, mapTarget, unmapTarget } from "./mapping-draft.ts";
import type { Source, Target } from "./mapping-fields.ts";
import type { MappingEditor } from "./use-mapping-editor.ts";

type Props = {
  readonly target: Target;
  readonly editor: MappingEditor;
  readonly rule: MappingRule | undefined;
  readonly error: string | undefined;
};

const constant = "\u0000constant";
const groupNames = {
  vendor: "Fields of the vendor",
  custom: "Your own API fields",
  tracking: "About the run",
} as const satisfies Record<Source["kind"], string>;

/** Where a target's value comes from, as a select box; a constant has its text beside it. */
export function SourceChoice({ target, editor, rule, error }: Props) {
  const { allowed } = usePermission("integration.write");
  const text = rule === undefined ? null : constantText(rule.source);
  const value = rule === undefined ? "" : text === null ? rule.source : constant;
  const known = editor.sources.some(({ id }) => id === value) || value === "" || value === constant;
  const choose = (next: string) =>
    editor.setMapping((mapping) => {
      if (next === "") return unmapTarget(mapping, target.name);
      return mapTarget(mapping, target.name, next === constant ? constantSource("") : next);
    });
  const group = (kind: Source["kind"]) => ({
    group: groupNames[kind],
    items: editor.sources.filter((source) => source.kind === kind).map(({ id, label }) => ({ value: id, label })),
  });
  return (
    <>
      <NativeSelect
        aria-label={`Source of ${target.label}`}
        value={value}
        disabled={!allowed}
        error={text === null ? error : undefined}
        onChange={({ currentTarget }) => choose(currentTarget.value)}
        data={[
          { value: "", label: "Not mapped" },
          ...(known ? [] : [{ value, label: `${value} (unknown)` }]),
          ...[group("vendor"), group("custom"), group("tracking")].filter(({ items }) => items.length > 0),
          { group: "The same for everybody", items: [{ value: constant, label: "A constant" }] },
        ]}
      />
      {text !== null && (
        <TextInput
          aria-label={`Constant for ${target.label}`}
          placeholder="The value for everybody"
          value={text}
          disabled={!allowed}
          error={error}
          onChange={({ currentTarget }) => {
            const next = constantSource(currentTarget.value);
            editor.setMapping((mapping) => mapTarget(mapping, target.name, next));
          }}
        />
      )}
    </>
  );
}
