import type { SaasUser } from "@rollcall/core/contract/saas.ts";
import { updateSaasUser } from "../../api/saas.ts";
import { useCommand } from "../../api/use-command.ts";
import { ConfirmDialog } from "../../components/ConfirmDialog.tsx";

type Props = { readonly softwareId: string; readonly user: SaasUser | undefined; readonly onClose: () => void };

/** Asks before a user of an application is deactivated or activated by hand. */
export function ChangeUserStatus({ softwareId, user, onClose }: Props) {
  const change = useCommand(({ id, status }: SaasUser) =>
    updateSaasUser(softwareId, id, status === "active" ? "deactivated" : "active"),
  );
  const active = user?.status === "active";
  const name = user?.name ?? user?.email ?? "this user";
  return (
    <ConfirmDialog
      opened={user !== undefined}
      onClose={onClose}
      title={`${active ? "Deactivate" : "Activate"} ${name}?`}
      confirm={active ? "Deactivate" : "Activate"}
      danger={active}
      onConfirm={async () => user !== undefined && (await change.mutateAsync(user))}
    >
      {active
        ? "The seat counts as free here, and no run activates the user again; only you can. Nothing is changed at the vendor: remove the account there too."
        : "The user takes a seat again. From then on runs may deactivate the user when they are gone from the vendor."}
    </ConfirmDialog>
  );
}
