import { Button, Card, Group, Menu, Title } from "@mantine/core";
import type { Field } from "@rollcall/core/contract/fields.ts";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { usePermission } from "../../session/session-context.ts";
import classes from "./MappingPage.module.css";
import type { OpenDialog } from "./open-dialog.ts";
import { TargetRow } from "./TargetRow.tsx";
import type { MappingEditor } from "./use-mapping-editor.ts";

type Props = { readonly editor: MappingEditor; readonly onOpen: (dialog: OpenDialog) => void };

const groups = [
  { entity: "person", title: "Person" },
  { entity: "saas-user", title: "SaaS user" },
] as const satisfies readonly { entity: Field["entity"]; title: string }[];

/** The inventory's fields. A right-click beside the rows opens the menu for new ones. */
export function TargetColumn({ editor, onOpen }: Props) {
  const [menu, setMenu] = useState(false);
  const mayAdd = usePermission("field.write").allowed;
  return (
    <Card
      component="section"
      aria-labelledby="targets"
      padding={0}
      onContextMenu={(event) => {
        event.preventDefault();
        setMenu(true);
      }}
    >
      <Group justify="space-between" className={classes.columnHead}>
        <Title order={2} id="targets">
          Inventory fields
        </Title>
        <Menu opened={menu} onChange={setMenu} position="bottom-end">
          <Menu.Target>
            <Button variant="default" size="xs" leftSection={<IconPlus size={14} aria-hidden />} disabled={!mayAdd}>
              Add new inventory field
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {groups
              .filter(({ entity }) => entity === "person" || editor.integration.mode === "user-plus-saas")
              .map(({ entity, title }) => (
                <Menu.Item key={entity} onClick={() => onOpen({ kind: "new-inventory-field", entity })}>
                  For a {title === "Person" ? "person" : title} …
                </Menu.Item>
              ))}
          </Menu.Dropdown>
        </Menu>
      </Group>
      {groups.map(({ entity, title }) => {
        const targets = editor.targets.filter(({ field }) => field.entity === entity);
        if (targets.length === 0) return null;
        return (
          <div key={entity}>
            <Title order={3} className={classes.groupHead}>
              {title}
            </Title>
            <ul className={classes.rows}>
              {targets.map((target) => (
                <TargetRow key={target.name} target={target} editor={editor} onOpen={onOpen} />
              ))}
            </ul>
          </div>
        );
      })}
    </Card>
  );
}
