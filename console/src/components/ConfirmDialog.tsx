import { Button, Group, Modal, Stack, Text, Textarea } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { Problem } from "./Problem.tsx";

type Props = {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly title: string;
  /** What will happen, in words. */
  readonly children: ReactNode;
  /** The verb on the button. */
  readonly confirm: string;
  readonly danger?: boolean;
  /** Asks for a reason, of at least this many characters. */
  readonly reason?: { readonly label: string; readonly min: number };
  /** Closes the dialog when it is done; what it throws is shown and the dialog stays. */
  readonly onConfirm: (reason: string) => Promise<unknown>;
};

/** Asks before something that matters is done. */
export function ConfirmDialog({ opened, onClose, title, children, confirm, danger, reason, onConfirm }: Props) {
  const [text, setText] = useState("");
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const tooShort = reason !== undefined && text.trim().length < reason.min;

  const close = () => {
    setText("");
    setError(undefined);
    onClose();
  };
  const act = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await onConfirm(text.trim());
      close();
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };

  return (
    <Modal opened={opened} onClose={close} title={title} centered>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void act();
        }}
      >
        <Stack gap="md">
          <Text component="div">{children}</Text>
          {reason !== undefined && (
            <Textarea
              label={reason.label}
              required={reason.min > 0}
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
              autosize
              minRows={2}
              data-autofocus
            />
          )}
          {error !== undefined && <Problem error={error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" color={danger === true ? "red.8" : "petrol"} loading={busy} disabled={tooShort}>
              {confirm}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
