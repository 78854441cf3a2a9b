import { useQuery } from "@tanstack/react-query";
import { allAccountsOptions } from "../api/accounts.ts";
import { usePermission } from "../session/session-context.ts";

/** The name of an account by its id. */
export function AccountName({ id, absent }: { readonly id: string | null; readonly absent: string }) {
  const { allowed } = usePermission("account.read");
  const accounts = useQuery({ ...allAccountsOptions(), enabled: allowed && id !== null });
  if (id === null) return <span className="quiet">{absent}</span>;
  const found = accounts.data?.data.find((account) => account.id === id);
  return <>{found?.name ?? (accounts.isPending && allowed ? "…" : "an account you cannot see")}</>;
}
