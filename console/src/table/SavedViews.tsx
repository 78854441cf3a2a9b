import { ActionIcon, Button, Group, Popover, Stack, Text, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconBookmark, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import type { SavedView } from "./table-memory.ts";

type Props = {
  readonly label: string;
  readonly views: readonly SavedView[];
  readonly search: SavedView["search"];
  readonly columns: readonly string[];
  readonly onChange: (views: readonly SavedView[]) => void;
  readonly onOpen: (view: SavedView) => void;
};

/** Searches, filters and columns kept under a name. */
export function SavedViews({ label, views, search, columns, onChange, onOpen }: Props) {
  const [opened, popover] = useDisclosure(false);
  const [name, setName] = useState("");
  const save = () => {
    const view = { name: name.trim(), search, columns };
    if (view.name === "") return;
    onChange([...views.filter((each) => each.name !== view.name), view]);
    setName("");
    popover.close();
  };
  return (
    <Popover opened={opened} onChange={popover.toggle} position="bottom-end" width={280} shadow="md" trapFocus>
      <Popover.Target>
        <Button variant="default" leftSection={<IconBookmark size={16} aria-hidden />} onClick={popover.toggle}>
          Views
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={`Saved views of ${label}`}>
        <Stack gap="sm">
          {views.map((view) => (
            <Group key={view.name} justify="space-between" wrap="nowrap" gap="xs">
              <Button
                variant="subtle"
                size="compact-sm"
                onClick={() => {
                  onOpen(view);
                  popover.close();
                }}
              >
                {view.name}
              </Button>
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={`Delete the view ${view.name}`}
                onClick={() => onChange(views.filter((each) => each !== view))}
              >
                <IconTrash size={16} aria-hidden />
              </ActionIcon>
            </Group>
          ))}
          <form
            onSubmit={(event) => {
              event.preventDefault();
              save();
            }}
          >
            <Group gap="xs" wrap="nowrap" align="flex-end">
              <TextInput
                label="Save as"
                value={name}
                maxLength={60}
                onChange={({ currentTarget }) => setName(currentTarget.value)}
              />
              <Button type="submit" variant="light" disabled={name.trim() === ""}>
                Save
              </Button>
            </Group>
          </form>
          <Text size="sm" c="dimmed">
            A view is the search, filters and columns as they are now. Views are kept in this browser: nobody else sees
            them, and another browser does not have them.
          </Text>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
