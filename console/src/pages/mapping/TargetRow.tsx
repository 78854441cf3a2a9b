import { useDroppable } from "@dnd-kit/core";
import { ActionIcon, Group, Menu, Text, Tooltip } from "@mantine/core";
import { IconAdjustmentsHorizontal, IconDotsVertical } from "@tabler/icons-react";
import { useState } from "react";
import { usePermission } from "../../session/session-context.ts";
import { NotProvided } from "../../ui/NotProvided.tsx";
import { StatusBadge } from "../../ui/StatusBadge.tsx";
import classes from "./MappingPage.module.css";
import { unmapTarget } from "./mapping-draft.ts";
import { fieldTypeWords, showValue, type Target } from "./mapping-fields.ts";
import type { OpenDialog } from "./open-dialog.ts";
import { SourceChoice } from "./SourceChoice.tsx";
import { type MappingEditor, problemAt } from "./use-mapping-editor.ts";

type Props = {
  readonly target: Target;
  readonly editor: MappingEditor;
  readonly onOpen: (dialog: OpenDialog) => void;
};

/** One field of the inventory: where its value comes from, and what that makes of a real record. */
export function TargetRow({ target, editor, onOpen }: Props) {
  const { name, label, type, isNeeded, unique, field } = target;
  const [menu, setMenu] = useState(false);
  const { setNodeRef, isOver } = useDroppable({ id: name });
  const mayEditField = usePermission("field.write").allowed;
  const index = editor.mapping.rules.findIndex((rule) => rule.target === name);
  const rule = editor.mapping.rules[index];
  const problem = index === -1 ? undefined : problemAt(editor.problems, `/mapping/rules/${index}`);
  const missing = rule === undefined && isNeeded ? "Mandatory; choose where it comes from." : undefined;
  return (
    <li
      ref={setNodeRef}
      className={classes.target}
      data-over={isOver || undefined}
      data-mapped={rule !== undefined || undefined}
      onContextMenu={(event) => {
        event.preventDefault();
        event.stopPropagation();
        setMenu(true);
      }}
    >
      <div className={classes.targetHead}>
        <div>
          <Group gap={6}>
            <Text fw={550} className="wrap-anywhere" id={`target-${name}`}>
              {label}
            </Text>
            {isNeeded && <StatusBadge status="mandatory" label="Mandatory" tone="idle" />}
            {rule?.syncKey !== undefined && <StatusBadge status="key" label={`Sync key ${rule.syncKey}`} tone="info" />}
          </Group>
          <Text size="xs" c="dimmed">
            {fieldTypeWords[type]}
            {unique && ", unique"}
            {rule?.policy !== undefined && rule.policy !== "always" && `, ${policyShort[rule.policy]}`}
          </Text>
        </div>
        <Group gap={2} wrap="nowrap">
          {rule !== undefined && (
            <Tooltip label="When and how it is written">
              <ActionIcon
                variant={rule.functions?.length || rule.policy ? "light" : "subtle"}
                aria-label={`Options of ${label}`}
                onClick={() => onOpen({ kind: "rule", target: name })}
              >
                <IconAdjustmentsHorizontal size={17} aria-hidden />
              </ActionIcon>
            </Tooltip>
          )}
          <Menu opened={menu} onChange={setMenu} position="bottom-end">
            <Menu.Target>
              <ActionIcon variant="subtle" color="gray" aria-label={`Actions for ${label}`}>
                <IconDotsVertical size={16} aria-hidden />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              {rule !== undefined && (
                <>
                  <Menu.Item onClick={() => onOpen({ kind: "rule", target: name })}>Options …</Menu.Item>
                  <Menu.Item onClick={() => editor.setMapping((mapping) => unmapTarget(mapping, name))}>
                    Do not map it
                  </Menu.Item>
                  <Menu.Divider />
                </>
              )}
              <Menu.Item
                disabled={!mayEditField}
                onClick={() => onOpen({ kind: "new-inventory-field", entity: field.entity })}
              >
                Add new inventory field …
              </Menu.Item>
              <Menu.Item disabled={!mayEditField} onClick={() => onOpen({ kind: "inventory-field", field })}>
                Rename or change {label} …
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </Group>
      </div>
      <SourceChoice target={target} editor={editor} rule={rule} error={problem ?? missing} />
      {rule === undefined ? <Unmapped target={target} editor={editor} /> : <Result target={target} editor={editor} />}
    </li>
  );
}

const policyShort = {
  "on-create": "only on create",
  "when-empty": "only when empty",
  "not-over-manual": "never over a manual edit",
} as const;

/** What the vendor cannot give is said, so that nobody looks for it. */
function Unmapped({ target, editor }: Pick<Props, "target" | "editor">) {
  const absent = editor.connector.notProvided.some(({ field }) => target.name === `saas.${field}`);
  if (!absent) return null;
  return (
    <Text size="sm">
      <NotProvided />
    </Text>
  );
}

/** The value in the first record that has one, and what did not fit. */
function Result({ target, editor }: Pick<Props, "target" | "editor">) {
  const records = editor.preview.data?.records;
  if (records === undefined) return null;
  const problems = records.flatMap((record) => record.problems.filter((problem) => problem.target === target.name));
  const [group, key] = target.name.startsWith("saas.")
    ? (["saas", target.name.slice(5)] as const)
    : (["person", target.name] as const);
  const values = records.map((record) => record[group][key]);
  const value = values.find((each) => each !== null && each !== undefined);
  return (
    <>
      <Text size="sm" c="dimmed" className={classes.sample}>
        {value === undefined ? "empty in all sampled records" : showValue(value)}
      </Text>
      {problems.length > 0 && (
        <Text size="sm" className={classes.bad}>
          {problems.length === 1
            ? "1 sampled record does not fit: "
            : `${problems.length} sampled records do not fit: `}
          {problems[0]?.message}
        </Text>
      )}
    </>
  );
}
