import { Button, CopyButton, Group, TextInput } from "@mantine/core";

type Props = { readonly label: string; readonly value: string; readonly monospace?: boolean };

/** A text to take along: it can be selected, and copied with a button. */
export function CopyText({ label, value, monospace = false }: Props) {
  return (
    <Group gap="xs" wrap="nowrap" align="flex-end">
      <TextInput
        label={label}
        readOnly
        value={value}
        flex={1}
        {...(monospace ? { ff: "monospace" } : {})}
        onFocus={({ currentTarget }) => currentTarget.select()}
      />
      <CopyButton value={value}>
        {({ copied, copy }) => (
          <Button
            variant="default"
            onClick={copy}
            aria-live="polite"
            aria-label={`${copied ? "Copied" : "Copy"}: ${label}`}
          >
            {copied ? "Copied" : "Copy"}
          </Button>
        )}
      </CopyButton>
    </Group>
  );
}
