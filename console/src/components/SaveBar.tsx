import { Button, Group } from "@mantine/core";
import { Problem } from "./Problem.tsx";

type Props = { readonly busy: boolean; readonly error: unknown; readonly onCancel: () => void };

/** The end of a form: what was refused, Cancel and Save. */
export function SaveBar({ busy, error, onCancel }: Props) {
  return (
    <>
      {error !== undefined && <Problem error={error} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit" loading={busy}>
          Save
        </Button>
      </Group>
    </>
  );
}
