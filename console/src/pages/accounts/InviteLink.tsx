import { Button, CopyButton, Group, Modal, Stack, Text, TextInput } from "@mantine/core";

type Props = { readonly name: string; readonly link: string; readonly onClose: () => void };

/** The link with which somebody chooses their password, shown this once. */
export function InviteLink({ name, link, onClose }: Props) {
  return (
    <Modal opened onClose={onClose} title={`The link for ${name}`} centered>
      <Stack gap="md">
        <Text>
          Hand it over yourself. It opens once, within three days, and is not shown again; a new one can be made any
          time.
        </Text>
        <TextInput label="Link" readOnly value={link} onFocus={({ currentTarget }) => currentTarget.select()} />
        <Group justify="flex-end">
          <CopyButton value={link}>
            {({ copied, copy }) => (
              <Button variant="default" onClick={copy} aria-live="polite">
                {copied ? "Copied" : "Copy the link"}
              </Button>
            )}
          </CopyButton>
          <Button onClick={onClose}>Done</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
