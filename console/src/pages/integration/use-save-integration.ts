import type { Integration, UpdateIntegration } from "@rollcall/core/contract/integrations.ts";
import { updateIntegration } from "../../api/integrations.ts";
import { useCommand } from "../../api/use-command.ts";

/** Saves a part of an integration as a new revision; what somebody else saved meanwhile is not overwritten. */
export function useSaveIntegration({ id, revision }: Integration) {
  const command = useCommand(
    (changes: UpdateIntegration) => updateIntegration(id, changes, revision),
    ["/integrations", "/credentials", "/saas"],
  );
  return command.mutateAsync;
}
