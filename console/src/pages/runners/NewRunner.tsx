import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import type { Runner } from "@rollcall/core/contract/runners.ts";
import { useState } from "react";
import { createRunner } from "../../api/runners.ts";
import { useCommand } from "../../api/use-command.ts";
import { CopyText } from "../../components/CopyText.tsx";
import { RunnerForm } from "./RunnerForm.tsx";

type Created = Runner & { readonly code: string };

/** Asks for a runner's name and what it may read; then shows, once, how a machine becomes it. */
export function NewRunner({ onClose }: { readonly onClose: () => void }) {
  const [created, setCreated] = useState<Created | null>(null);
  const create = useCommand(createRunner, ["/runners"]);
  return created === null ? (
    <RunnerForm onClose={onClose} onSave={async (body) => setCreated(await create.mutateAsync(body))} />
  ) : (
    <Enrolment runner={created} onClose={onClose} />
  );
}

function Enrolment({ runner: { name, code }, onClose }: { readonly runner: Created; readonly onClose: () => void }) {
  const enroll = `rollcall runner enroll --url ${window.location.origin} --code ${code}`;
  return (
    <Modal opened onClose={onClose} title={`The code of ${name}`} size="lg" centered closeOnClickOutside={false}>
      <Stack gap="md">
        <Text>
          Run these on the machine that is to be the runner. The code works once, within 15 minutes, and is not shown
          again.
        </Text>
        <CopyText label="1. Make the machine the runner" value={enroll} monospace />
        <CopyText label="2. Start it" value="rollcall runner start" monospace />
        <Text size="sm" c="dimmed">
          The vendor's credential is given to the runner on that machine, in variables or in a key file. The page about
          local installation in the documentation shows both, and how to run it as a service.
        </Text>
        <Group justify="flex-end">
          <Button onClick={onClose}>Done</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
