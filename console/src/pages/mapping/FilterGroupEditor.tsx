import { ActionIcon, Button, Group, NativeSelect, Stack, Text } from "@mantine/core";
import { type FilterGroup, filterDepthLimit } from "@rollcall/core/mapping/filter-schema.ts";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { FilterRuleEditor } from "./FilterRuleEditor.tsx";
import { addChild, childrenOf, isGroup, removeChild, replaceChild, withKind } from "./filter-draft.ts";
import classes from "./MappingPage.module.css";
import { type MappingEditor, problemAt } from "./use-mapping-editor.ts";

type Props = {
  readonly group: FilterGroup;
  /** Where it is in the integration's document. */
  readonly pointer: string;
  readonly depth: number;
  readonly editor: MappingEditor;
  readonly onChange: (group: FilterGroup) => void;
  readonly onRemove?: () => void;
};

/** A group of rules of which all or any must hold; groups can stand in groups. */
export function FilterGroupEditor({ group, pointer, depth, editor, onChange, onRemove }: Props) {
  const kind = "all" in group ? "all" : "any";
  const name = depth === 1 ? "The rules" : `Group at level ${depth}`;
  const newRule = { field: editor.connector.fields[0]?.id ?? "id", operator: "equals", value: "" } as const;
  return (
    <Stack gap="sm" className={classes.group} role="group" aria-label={name}>
      <Group justify="space-between">
        <Group gap="xs">
          <NativeSelect
            aria-label={`${name}: how many must hold`}
            value={kind}
            data={[
              { value: "all", label: "All of these" },
              { value: "any", label: "Any of these" },
            ]}
            onChange={({ currentTarget }) => onChange(withKind(group, currentTarget.value === "any" ? "any" : "all"))}
          />
          <Text size="sm" c="dimmed">
            must hold
          </Text>
        </Group>
        {onRemove !== undefined && (
          <ActionIcon variant="subtle" color="gray" aria-label={`Remove ${name.toLowerCase()}`} onClick={onRemove}>
            <IconTrash size={16} aria-hidden />
          </ActionIcon>
        )}
      </Group>
      {childrenOf(group).map((child, index) => {
        const at = `${pointer}/${kind}/${index}`;
        const common = {
          pointer: at,
          editor,
          onRemove: () => onChange(removeChild(group, index)),
        };
        return isGroup(child) ? (
          <FilterGroupEditor
            key={at}
            {...common}
            group={child}
            depth={depth + 1}
            onChange={(next) => onChange(replaceChild(group, index, next))}
          />
        ) : (
          <FilterRuleEditor
            key={at}
            {...common}
            rule={child}
            position={index + 1}
            onChange={(next) => onChange(replaceChild(group, index, next))}
          />
        );
      })}
      {childrenOf(group).length === 0 && (
        <Text size="sm" c="var(--bad)">
          {problemAt(editor.problems, `${pointer}/${kind}`) ?? "The group is empty."}
        </Text>
      )}
      <Group gap="xs">
        <Button
          variant="default"
          size="xs"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => onChange(addChild(group, newRule))}
        >
          Add a rule
        </Button>
        <Button
          variant="default"
          size="xs"
          leftSection={<IconPlus size={14} aria-hidden />}
          disabled={depth >= filterDepthLimit}
          onClick={() => onChange(addChild(group, kind === "all" ? { any: [newRule] } : { all: [newRule] }))}
        >
          Add a group
        </Button>
      </Group>
    </Stack>
  );
}
