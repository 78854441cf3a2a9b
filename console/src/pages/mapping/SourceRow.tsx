import { useDraggable } from "@dnd-kit/core";
import { ActionIcon, Menu, Text } from "@mantine/core";
import { IconDotsVertical, IconGripVertical } from "@tabler/icons-react";
import { useState } from "react";
import classes from "./MappingPage.module.css";
import { mapTarget, removeCustomField } from "./mapping-draft.ts";
import { type Source, showValue, type Target } from "./mapping-fields.ts";
import type { OpenDialog } from "./open-dialog.ts";
import type { MappingEditor } from "./use-mapping-editor.ts";

type Props = {
  readonly source: Source;
  readonly editor: MappingEditor;
  readonly onOpen: (dialog: OpenDialog) => void;
};

/** One field of the vendor. It can be dragged; a click on its button, or a right-click, opens the same as a menu. */
export function SourceRow({ source, editor, onOpen }: Props) {
  const { id, label, kind } = source;
  const [menu, setMenu] = useState(false);
  const { setNodeRef, listeners, isDragging } = useDraggable({ id });
  const used = editor.mapping.rules.filter((rule) => rule.source === id);
  const labelOf = (name: string) => {
    const target = editor.targets.find((each) => each.name === name);
    return target?.field.entity === "saas-user" ? `${target.label} of the SaaS user` : target?.label;
  };
  const goesTo = used.flatMap(({ target }) => labelOf(target) ?? []);
  return (
    <li
      ref={setNodeRef}
      className={classes.source}
      data-dragging={isDragging || undefined}
      data-used={used.length > 0 || undefined}
      {...listeners}
      onContextMenu={(event) => {
        event.preventDefault();
        setMenu(true);
      }}
    >
      <IconGripVertical size={16} className={classes.grip} aria-hidden />
      <div className={classes.sourceWords}>
        <Text fw={550} className="wrap-anywhere">
          {label}
        </Text>
        <Sample source={source} editor={editor} />
        {goesTo.length > 0 && (
          <Text size="xs" c="dimmed">
            Goes to {goesTo.join(", ")}
          </Text>
        )}
      </div>
      <Menu opened={menu} onChange={setMenu} position="bottom-end" width={260}>
        <Menu.Target>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`Actions for ${label}`}
            onPointerDown={(event) => event.stopPropagation()}
          >
            <IconDotsVertical size={16} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown mah={380} style={{ overflowY: "auto" }}>
          <Menu.Item onClick={() => onOpen({ kind: "new-inventory-field", entity: "person", label, source: id })}>
            Add as a new inventory field …
          </Menu.Item>
          {kind === "custom" && (
            <>
              <Menu.Item onClick={() => onOpen({ kind: "custom-field", name: id })}>Edit the field …</Menu.Item>
              <Menu.Item onClick={() => editor.setMapping((mapping) => removeCustomField(mapping, id))}>
                Remove the field
              </Menu.Item>
            </>
          )}
          <MapTo
            label="Map to a person's field"
            targets={editor.targets.filter(({ field }) => field.entity === "person")}
            onChoose={(target) => editor.setMapping((mapping) => mapTarget(mapping, target, id))}
          />
          <MapTo
            label="Map to a SaaS user's field"
            targets={editor.targets.filter(({ field }) => field.entity === "saas-user")}
            onChoose={(target) => editor.setMapping((mapping) => mapTarget(mapping, target, id))}
          />
        </Menu.Dropdown>
      </Menu>
    </li>
  );
}

type MapToProps = {
  readonly label: string;
  readonly targets: readonly Target[];
  readonly onChoose: (target: string) => void;
};

function MapTo({ label, targets, onChoose }: MapToProps) {
  if (targets.length === 0) return null;
  return (
    <>
      <Menu.Label>{label}</Menu.Label>
      {targets.map(({ name, label: text }) => (
        <Menu.Item key={name} onClick={() => onChoose(name)}>
          {text}
        </Menu.Item>
      ))}
    </>
  );
}

/** The first value of the fetched records that is not empty. */
function Sample({ source, editor }: Pick<Props, "source" | "editor">) {
  const records = editor.preview.data?.records;
  if (source.kind === "tracking") {
    return (
      <Text size="sm" c="dimmed">
        {source.id === "connector.syncTime"
          ? "Start of the last complete run that saw the record"
          : "Name of the credential that was used"}
      </Text>
    );
  }
  if (records === undefined) return null;
  const found = records
    .map((record) => record.source[source.id])
    .find((value) => value !== null && value !== undefined);
  return (
    <Text size="sm" c="dimmed" className={classes.sample}>
      {found === undefined ? "empty in all sampled records" : showValue(found)}
    </Text>
  );
}
