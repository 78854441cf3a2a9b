import { Button, Menu } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import type { Destination } from "@rollcall/core/contract/destinations.ts";
import { IconDots, IconPlugConnected, IconRefresh } from "@tabler/icons-react";
import { useState } from "react";
import { deleteDestination, resynchronise, retryDeliveries, updateDestination } from "../../api/destinations.ts";
import { useCommand } from "../../api/use-command.ts";
import { ConfirmDialog } from "../../components/ConfirmDialog.tsx";
import { paths } from "../../paths.ts";
import { PermissionButton } from "../../session/PermissionButton.tsx";
import { usePermission } from "../../session/session-context.ts";
import { formatNumber } from "../../ui/format-time.ts";
import { useGo } from "../../ui/Link.tsx";

type Props = {
  readonly destination: Destination;
  readonly testing: boolean;
  readonly onTest: () => void;
  readonly onError: (error: unknown) => void;
};

/** What can be done with a destination as a whole. */
export function DestinationActions({ destination, testing, onTest, onError }: Props) {
  const { id, name, enabled, follows, deliveries } = destination;
  const [asking, setAsking] = useState<"resynchronise" | "delete" | null>(null);
  const go = useGo();
  const mayWrite = usePermission("destination.write").allowed;
  const all = useCommand(
    () => resynchronise(id),
    ["/destinations"],
    ({ queued }) => told(queued),
  );
  const retry = useCommand(
    () => retryDeliveries(id),
    ["/destinations"],
    ({ queued }) => told(queued),
  );
  const turn = useCommand(() => updateDestination(id, { enabled: !enabled }), ["/destinations"]);
  const remove = useCommand(() => deleteDestination(id), ["/destinations", "/credentials"]);
  const failed = deliveries.failed ?? 0;

  const act = (doIt: () => Promise<unknown>) => {
    onError(undefined);
    void doIt().catch(onError);
  };

  return (
    <>
      <PermissionButton
        permission="destination.write"
        variant="default"
        leftSection={<IconPlugConnected size={16} aria-hidden />}
        loading={testing}
        onClick={onTest}
      >
        Test
      </PermissionButton>
      <PermissionButton
        permission="destination.write"
        variant="default"
        disabledBecause={failed === 0 ? "Nothing has failed." : ""}
        loading={retry.isPending}
        onClick={() => act(() => retry.mutateAsync(undefined))}
      >
        Retry failed
      </PermissionButton>
      <PermissionButton
        permission="destination.write"
        leftSection={<IconRefresh size={16} aria-hidden />}
        disabledBecause={follows.length === 0 ? "It follows no integration yet." : ""}
        onClick={() => setAsking("resynchronise")}
      >
        Re-synchronise…
      </PermissionButton>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" px="xs" aria-label="More actions">
            <IconDots size={18} aria-hidden />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item disabled={!mayWrite} onClick={() => act(() => turn.mutateAsync(undefined))}>
            {enabled ? "Switch off" : "Switch on"}
          </Menu.Item>
          <Menu.Item disabled={!mayWrite} onClick={() => setAsking("delete")}>
            Delete …
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <ConfirmDialog
        opened={asking === "resynchronise"}
        onClose={() => setAsking(null)}
        title="Re-synchronise everybody?"
        confirm="Re-synchronise"
        onConfirm={() => all.mutateAsync(undefined)}
      >
        Everybody whom the followed integrations know is compared with the instance, and what differs there is sent.
        What somebody changed there by hand in a field that is filled from here is put back.
        {!enabled && " The destination is off, so everything waits until you switch it on."}
      </ConfirmDialog>
      <ConfirmDialog
        opened={asking === "delete"}
        onClose={() => setAsking(null)}
        title={`Delete ${name}?`}
        confirm="Delete"
        danger
        onConfirm={async () => {
          await remove.mutateAsync(undefined);
          go(paths.destinations(), { replace: true });
        }}
      >
        Nothing more is sent, and the list of deliveries goes with it. What is in the instance stays as it is.
      </ConfirmDialog>
    </>
  );
}

function told(queued: number): void {
  notifications.show({
    title: queued === 1 ? "One record waits to be sent" : `${formatNumber(queued)} records wait to be sent`,
    message: "The deliveries below show what becomes of them.",
  });
}
