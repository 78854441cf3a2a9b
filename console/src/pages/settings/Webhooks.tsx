import { Button, Card, Group, Modal, Stack, Text, TextInput, Title } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import type { Webhook } from "@rollcall/core/contract/webhooks.ts";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useCommand } from "../../api/use-command.ts";
import { allWebhooksOptions, createWebhook, deleteWebhook, testWebhook, updateWebhook } from "../../api/webhooks.ts";
import { ConfirmDialog } from "../../components/ConfirmDialog.tsx";
import { ErrorState } from "../../components/ErrorState.tsx";
import { LoadingTable } from "../../components/LoadingTable.tsx";
import { Problem } from "../../components/Problem.tsx";
import { useProblemForm } from "../../forms/use-problem-form.ts";
import { PermissionButton } from "../../session/PermissionButton.tsx";
import { RelativeTime } from "../../ui/RelativeTime.tsx";
import { StatusBadge } from "../../ui/StatusBadge.tsx";

/** Programs that are told the same as the contacts, signed. */
export function Webhooks() {
  const webhooks = useQuery(allWebhooksOptions());
  const [adding, setAdding] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const [removing, setRemoving] = useState<Webhook | null>(null);
  const change = useCommand(({ id, enabled }: Webhook) => updateWebhook(id, { enabled: !enabled }), ["/webhooks"]);
  const remove = useCommand(deleteWebhook, ["/webhooks"]);
  const test = useCommand(testWebhook, ["/webhooks"], () =>
    notifications.show({ title: "A test is on its way", message: "Its outcome appears here in a moment." }),
  );
  return (
    <Card component="section" aria-labelledby="webhooks">
      <Group justify="space-between" mb="md">
        <div>
          <Title order={2} id="webhooks">
            Webhooks
          </Title>
          <Text size="sm" c="dimmed">
            Tell another program what the contacts are told. Signed by the Standard Webhooks rules.
          </Text>
        </div>
        <PermissionButton permission="settings.write" variant="default" size="xs" onClick={() => setAdding(true)}>
          Add a webhook
        </PermissionButton>
      </Group>
      {webhooks.isPending && <LoadingTable rows={2} />}
      {webhooks.isError && <ErrorState error={webhooks.error} onRetry={() => void webhooks.refetch()} />}
      {webhooks.data?.data.length === 0 && <Text c="dimmed">There are none.</Text>}
      <Stack gap="md">
        {webhooks.data?.data.map((webhook) => (
          <Group key={webhook.id} justify="space-between">
            <div>
              <Group gap="xs">
                <Text fw={550}>{webhook.name}</Text>
                <StatusBadge status={webhook.enabled ? "active" : "disabled"} label={webhook.enabled ? "On" : "Off"} />
              </Group>
              <Text size="sm" c="dimmed" className="wrap-anywhere">
                {webhook.url}
              </Text>
              <Text size="sm" c="dimmed">
                {webhook.disabledReason ??
                  (webhook.lastDelivery === null
                    ? "Nothing was sent yet."
                    : `Last delivery: ${webhook.lastDelivery.state}, `)}
                {webhook.disabledReason === null && webhook.lastDelivery !== null && (
                  <RelativeTime at={webhook.lastDelivery.at} />
                )}
              </Text>
            </div>
            <Group gap="xs">
              <PermissionButton
                permission="settings.write"
                variant="default"
                size="xs"
                aria-label={`Test ${webhook.name}`}
                onClick={() => test.mutate(webhook.id)}
              >
                Test
              </PermissionButton>
              <PermissionButton
                permission="settings.write"
                variant="default"
                size="xs"
                aria-label={`Switch ${webhook.name} ${webhook.enabled ? "off" : "on"}`}
                onClick={() => change.mutate(webhook)}
              >
                {webhook.enabled ? "Switch off" : "Switch on"}
              </PermissionButton>
              <PermissionButton
                permission="settings.write"
                variant="default"
                size="xs"
                aria-label={`Delete ${webhook.name}`}
                onClick={() => setRemoving(webhook)}
              >
                Delete
              </PermissionButton>
            </Group>
          </Group>
        ))}
      </Stack>
      {adding && <NewWebhook onClose={() => setAdding(false)} onSecret={setSecret} />}
      <Modal opened={secret !== null} onClose={() => setSecret(null)} title="The webhook's secret" centered>
        <Stack gap="md">
          <Text>The receiver checks signatures with it. It is shown this once and never again.</Text>
          <TextInput
            label="Secret"
            readOnly
            value={secret ?? ""}
            onFocus={({ currentTarget }) => currentTarget.select()}
          />
          <Group justify="flex-end">
            <Button onClick={() => setSecret(null)}>Done</Button>
          </Group>
        </Stack>
      </Modal>
      <ConfirmDialog
        opened={removing !== null}
        onClose={() => setRemoving(null)}
        title="Delete the webhook?"
        confirm="Delete"
        danger
        onConfirm={async () => {
          if (removing !== null) await remove.mutateAsync(removing.id);
        }}
      >
        {removing?.name} is not told anything any more.
      </ConfirmDialog>
    </Card>
  );
}

type NewProps = { readonly onClose: () => void; readonly onSecret: (secret: string) => void };

function NewWebhook({ onClose, onSecret }: NewProps) {
  const create = useCommand(createWebhook, ["/webhooks"]);
  const { form, error, busy, submit } = useProblemForm({ initialValues: { name: "", url: "" } });
  return (
    <Modal opened onClose={onClose} title="Add a webhook" centered>
      <form
        onSubmit={submit(async (values) => {
          const { secret } = await create.mutateAsync({ ...values, events: [], enabled: true });
          onClose();
          onSecret(secret);
        })}
      >
        <Stack gap="md">
          <TextInput label="Name" required data-autofocus {...form.getInputProps("name")} />
          <TextInput label="Address" type="url" required placeholder="https://" {...form.getInputProps("url")} />
          {error !== undefined && <Problem error={error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={busy}>
              Add the webhook
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
