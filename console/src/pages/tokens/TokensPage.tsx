import type { ApiToken } from "@rollcall/core/contract/access.ts";
import { IconCode, IconPlus } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { apiTokensOptions, revokeApiToken } from "../../api/api-tokens.ts";
import { useCommand } from "../../api/use-command.ts";
import { ConfirmDialog } from "../../components/ConfirmDialog.tsx";
import { EmptyState } from "../../components/EmptyState.tsx";
import { PageHeader } from "../../components/PageHeader.tsx";
import { PermissionButton } from "../../session/PermissionButton.tsx";
import { usePermission } from "../../session/session-context.ts";
import type { Column } from "../../table/column.ts";
import { DataTable } from "../../table/DataTable.tsx";
import { RelativeTime, useNow } from "../../ui/RelativeTime.tsx";
import { StatusBadge } from "../../ui/StatusBadge.tsx";
import { NewToken } from "./NewToken.tsx";
import { scopeWords } from "./scope-words.ts";

/** Configuration > Security > API tokens. */
export function TokensPage() {
  const [adding, setAdding] = useState(false);
  const [revoking, setRevoking] = useState<ApiToken | null>(null);
  const seesAll = usePermission("account.write").allowed;
  const revoke = useCommand(revokeApiToken, ["/api-tokens"]);
  const columns = useMemo(() => columnsOf(setRevoking), []);
  const add = (
    <PermissionButton
      permission="api_token.write"
      leftSection={<IconPlus size={16} aria-hidden />}
      onClick={() => setAdding(true)}
    >
      Add a token
    </PermissionButton>
  );
  return (
    <>
      <PageHeader
        title="API tokens"
        crumbs={[{ label: "Configuration" }, { label: "Security" }]}
        description={
          seesAll
            ? "With a token a program uses Rollcall in an account's name. These are the tokens of all accounts."
            : "With a token a program uses Rollcall in your name. These are your own tokens."
        }
        actions={add}
      />
      <DataTable
        id="api-tokens"
        label="tokens"
        one="token"
        columns={columns}
        options={apiTokensOptions}
        rowKey={({ id }) => id}
        empty={
          <EmptyState icon={IconCode} title="No tokens yet" action={add}>
            A token is what the command line or a script of yours signs in with.
          </EmptyState>
        }
      />
      {adding && <NewToken onClose={() => setAdding(false)} />}
      <ConfirmDialog
        opened={revoking !== null}
        onClose={() => setRevoking(null)}
        title={`Revoke ${revoking?.name ?? "the token"}?`}
        confirm="Revoke"
        danger
        onConfirm={async () => {
          if (revoking !== null) await revoke.mutateAsync(revoking.id);
        }}
      >
        Programs that use it are let in no more, from this moment. A revoked token cannot be brought back.
      </ConfirmDialog>
    </>
  );
}

function columnsOf(onRevoke: (token: ApiToken) => void): readonly Column<ApiToken>[] {
  return [
    { id: "name", header: "Name", sort: "name", width: 160, grow: 2, cell: ({ name }) => name },
    { id: "account", header: "Acts as", width: 225, cell: ({ accountName }) => accountName },
    { id: "scopes", header: "May do", width: 228, grow: 2, cell: ({ scopes }) => scopeWords(scopes) },
    { id: "state", header: "State", width: 122, cell: (token) => <TokenState token={token} /> },
    {
      id: "expires",
      header: "Expires",
      width: 110,
      cell: ({ expiresAt }) => <RelativeTime at={expiresAt} absent="never" />,
    },
    {
      id: "created",
      header: "Added",
      sort: "createdAt",
      width: 145,
      cell: ({ createdAt }) => <RelativeTime at={createdAt} />,
    },
    {
      id: "actions",
      header: "Actions",
      width: 100,
      grow: 0,
      cell: (token) =>
        token.revokedAt === null ? (
          <PermissionButton
            permission="api_token.write"
            variant="default"
            size="compact-sm"
            aria-label={`Revoke ${token.name}`}
            onClick={() => onRevoke(token)}
          >
            Revoke
          </PermissionButton>
        ) : (
          <span className="quiet">none</span>
        ),
    },
  ];
}

function TokenState({ token: { revokedAt, expiresAt } }: { readonly token: ApiToken }) {
  const now = useNow();
  if (revokedAt !== null) return <StatusBadge status="disabled" label="Revoked" />;
  if (expiresAt !== null && Date.parse(expiresAt) <= now) return <StatusBadge status="disabled" label="Expired" />;
  return <StatusBadge status="active" label="Valid" />;
}
