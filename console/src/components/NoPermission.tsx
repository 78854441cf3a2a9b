import { IconLock } from "@tabler/icons-react";
import { EmptyState } from "./EmptyState.tsx";

/** Instead of what the signed-in account may not see. */
export function NoPermission({ detail }: { readonly detail?: string }) {
  return (
    <EmptyState icon={IconLock} title="Your role does not include this">
      {detail ?? "Ask an administrator of this Rollcall for the permission."}
    </EmptyState>
  );
}
