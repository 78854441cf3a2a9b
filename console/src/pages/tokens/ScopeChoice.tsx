import { Checkbox, Group, Stack, Text } from "@mantine/core";
import type { Permission } from "@rollcall/core/contract/access.ts";
import type { ReactNode } from "react";
import { groupPermissions } from "./scope-words.ts";

type Props = {
  /** Those that may be given: nobody gives more than they have. */
  readonly permissions: readonly Permission[];
  readonly value: readonly Permission[];
  readonly onChange: (value: readonly Permission[]) => void;
  readonly error?: ReactNode;
};

/** Permissions to tick, by what they are about. */
export function ScopeChoice({ permissions, value, onChange, error }: Props) {
  return (
    <Checkbox.Group
      label="Permissions"
      value={[...value]}
      onChange={(next) => onChange(next as Permission[])}
      error={error}
    >
      <Stack gap="sm" mt={6}>
        {groupPermissions(permissions).map(({ noun, label, permissions: group }) => (
          <Group key={noun} gap="md" role="group" aria-label={label} align="flex-start">
            <Text size="sm" fw={550} w={150}>
              {label}
            </Text>
            <Group gap="md" flex={1}>
              {group.map(({ permission, label: verb }) => (
                <Checkbox key={permission} value={permission} label={verb} />
              ))}
            </Group>
          </Group>
        ))}
      </Stack>
    </Checkbox.Group>
  );
}
