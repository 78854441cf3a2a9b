import { Card, Group, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { PermissionButton } from "../../session/PermissionButton.tsx";

type Props = {
  readonly id: string;
  readonly title: string;
  readonly children: ReactNode;
  /** Absent: there is nothing to edit, or it is being edited. */
  readonly onEdit?: (() => void) | undefined;
  readonly editDisabledBecause?: string | undefined;
  /** Beside Edit. */
  readonly actions?: ReactNode;
};

/** One section of the integration page, with its own Edit. */
export function Section({ id, title, children, onEdit, editDisabledBecause, actions }: Props) {
  return (
    <Card component="section" aria-labelledby={id}>
      <Group justify="space-between" mb="md" gap="sm">
        <Title order={2} id={id}>
          {title}
        </Title>
        <Group gap="xs">
          {actions}
          {onEdit !== undefined && (
            <PermissionButton
              permission="integration.write"
              variant="default"
              size="xs"
              aria-label={`Edit: ${title}`}
              disabledBecause={editDisabledBecause}
              onClick={onEdit}
            >
              Edit
            </PermissionButton>
          )}
        </Group>
      </Group>
      {children}
    </Card>
  );
}
