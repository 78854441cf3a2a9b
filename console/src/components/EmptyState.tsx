import { Stack, Text, ThemeIcon, Title } from "@mantine/core";
import type { Icon } from "@tabler/icons-react";
import type { ReactNode } from "react";

type Props = {
  readonly icon: Icon;
  readonly title: string;
  /** What would be here, and how it comes to be. */
  readonly children?: ReactNode;
  readonly action?: ReactNode;
  /** Of the heading: 1 where there is no page header above it. */
  readonly level?: 1 | 2;
};

export function EmptyState({ icon: Sign, title, children, action, level = 2 }: Props) {
  return (
    <Stack align="center" gap="sm" py={56} px="md" ta="center">
      <ThemeIcon size={52} radius="xl" variant="light">
        <Sign size={26} aria-hidden />
      </ThemeIcon>
      <Title order={level} size="h2">
        {title}
      </Title>
      {children !== undefined && (
        <Text component="div" c="dimmed" maw="52ch">
          {children}
        </Text>
      )}
      {action}
    </Stack>
  );
}
