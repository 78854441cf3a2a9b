import { Button, Menu } from "@mantine/core";
import type { Account } from "@rollcall/core/contract/accounts.ts";
import { IconPlus, IconUserShield } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { accountsOptions, inviteAccount, updateAccount } from "../../api/accounts.ts";
import { useCommand } from "../../api/use-command.ts";
import { ConfirmDialog } from "../../components/ConfirmDialog.tsx";
import { EmptyState } from "../../components/EmptyState.tsx";
import { PageHeader } from "../../components/PageHeader.tsx";
import { PermissionButton } from "../../session/PermissionButton.tsx";
import { usePermission, useSession } from "../../session/session-context.ts";
import type { Column } from "../../table/column.ts";
import { DataTable } from "../../table/DataTable.tsx";
import { RelativeTime } from "../../ui/RelativeTime.tsx";
import { StatusBadge } from "../../ui/StatusBadge.tsx";
import { AccountDialog } from "./AccountDialog.tsx";
import { InviteLink } from "./InviteLink.tsx";
import { roleWords } from "./role-words.ts";

type Open =
  | { readonly kind: "new" }
  | { readonly kind: "edit" | "disable" | "invite"; readonly account: Account }
  | { readonly kind: "link"; readonly name: string; readonly link: string };

/** Configuration > Accounts: who may use Rollcall, and for whom integrations write. */
export function AccountsPage() {
  const [open, setOpen] = useState<Open | null>(null);
  const mayWrite = usePermission("account.write").allowed;
  const { account: own } = useSession();
  const change = useCommand(
    ({ id, status }: Pick<Account, "id" | "status">) => updateAccount(id, { status }),
    ["/accounts"],
  );
  const invite = useCommand(inviteAccount, ["/accounts"]);
  const columns = useMemo<readonly Column<Account>[]>(
    () => [
      { id: "name", header: "Name", sort: "name", width: 200, grow: 2, cell: ({ name }) => name },
      {
        id: "email",
        header: "E-mail",
        sort: "email",
        width: 220,
        grow: 2,
        cell: ({ email }) => email ?? <span className="quiet">none</span>,
      },
      { id: "role", header: "Role", width: 190, cell: ({ role }) => roleWords(role).label },
      {
        id: "status",
        header: "Status",
        width: 130,
        cell: ({ status, kind, hasPassword }) =>
          status === "active" && kind === "person" && !hasPassword ? (
            <StatusBadge status="invited" label="Invited" tone="info" />
          ) : (
            <StatusBadge status={status} {...(kind === "service" && status === "active" ? { label: "Service" } : {})} />
          ),
      },
      {
        id: "created",
        header: "Added",
        width: 145,
        sort: "createdAt",
        cell: ({ createdAt }) => <RelativeTime at={createdAt} />,
      },
      {
        id: "actions",
        header: "Actions",
        width: 110,
        grow: 0,
        cell: (account) => (
          <AccountMenu
            account={account}
            mayWrite={mayWrite}
            isOwn={account.id === own.id}
            onOpen={setOpen}
            onEnable={() => change.mutate({ id: account.id, status: "active" })}
          />
        ),
      },
    ],
    [mayWrite, own.id, change.mutate],
  );
  const close = () => setOpen(null);
  return (
    <>
      <PageHeader
        title="Accounts"
        crumbs={[{ label: "Configuration" }]}
        description="People who sign in here, and service accounts in whose name integrations write."
        actions={
          <PermissionButton
            permission="account.write"
            leftSection={<IconPlus size={16} aria-hidden />}
            onClick={() => setOpen({ kind: "new" })}
          >
            Add an account
          </PermissionButton>
        }
      />
      <DataTable
        id="accounts"
        label="accounts"
        columns={columns}
        options={accountsOptions}
        rowKey={({ id }) => id}
        searchLabel="Search accounts"
        empty={<EmptyState icon={IconUserShield} title="No accounts" />}
      />
      {open?.kind === "new" && (
        <AccountDialog
          onClose={close}
          onCreated={({ name, inviteLink }) => setOpen({ kind: "link", name, link: inviteLink })}
        />
      )}
      {open?.kind === "edit" && <AccountDialog account={open.account} onClose={close} />}
      {open?.kind === "link" && <InviteLink name={open.name} link={open.link} onClose={close} />}
      <ConfirmDialog
        opened={open?.kind === "disable"}
        onClose={close}
        title="Disable the account?"
        confirm="Disable"
        danger
        onConfirm={async () => {
          if (open?.kind === "disable") await change.mutateAsync({ id: open.account.id, status: "disabled" });
        }}
      >
        {open?.kind === "disable" && open.account.name} is signed out everywhere and cannot sign in again. Its name
        stays in the history.
      </ConfirmDialog>
      <ConfirmDialog
        opened={open?.kind === "invite"}
        onClose={() => setOpen((before) => (before?.kind === "invite" ? null : before))}
        title="Make a new link?"
        confirm="Make the link"
        onConfirm={async () => {
          if (open?.kind !== "invite") return;
          const { name, inviteLink } = await invite.mutateAsync(open.account.id);
          setOpen({ kind: "link", name, link: inviteLink });
        }}
      >
        With it {open?.kind === "invite" && open.account.name} chooses a password. A link made before stops working.
      </ConfirmDialog>
    </>
  );
}

type MenuProps = {
  readonly account: Account;
  readonly mayWrite: boolean;
  readonly isOwn: boolean;
  readonly onOpen: (open: Open) => void;
  readonly onEnable: () => void;
};

function AccountMenu({ account, mayWrite, isOwn, onOpen, onEnable }: MenuProps) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" size="compact-sm" aria-label={`Change ${account.name}`} disabled={!mayWrite}>
          Change
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => onOpen({ kind: "edit", account })}>Name and role …</Menu.Item>
        {account.kind === "person" && account.status === "active" && (
          <Menu.Item onClick={() => onOpen({ kind: "invite", account })}>Link to choose a password …</Menu.Item>
        )}
        {account.status === "active" ? (
          <Menu.Item disabled={isOwn} onClick={() => onOpen({ kind: "disable", account })}>
            Disable …
          </Menu.Item>
        ) : (
          <Menu.Item onClick={onEnable}>Enable</Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
