import type { Permission } from "@rollcall/core/contract/access.ts";
import { ReasonedButton, type ReasonedButtonProps } from "../components/ReasonedButton.tsx";
import { usePermission } from "./session-context.ts";

/** A button for what needs a permission; who lacks it reads why it cannot be pressed. */
export function PermissionButton({
  permission,
  disabledBecause,
  ...props
}: ReasonedButtonProps & { readonly permission: Permission }) {
  const { allowed, reason } = usePermission(permission);
  return <ReasonedButton disabledBecause={allowed ? disabledBecause : reason} {...props} />;
}
