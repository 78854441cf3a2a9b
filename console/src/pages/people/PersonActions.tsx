import type { Person, UpdatePerson } from "@rollcall/core/contract/people.ts";
import { useState } from "react";
import { updatePerson } from "../../api/people.ts";
import { useCommand } from "../../api/use-command.ts";
import { ConfirmDialog } from "../../components/ConfirmDialog.tsx";
import { PermissionButton } from "../../session/PermissionButton.tsx";

type Question = "status" | "archive";

/** Deactivating and archiving by hand. */
export function PersonActions({ person }: { readonly person: Person }) {
  const [asking, setAsking] = useState<Question | null>(null);
  const update = useCommand((change: UpdatePerson) => updatePerson(person.id, change));
  const active = person.status === "active";
  const archived = person.archivedAt !== null;
  return (
    <>
      <PermissionButton permission="person.write" variant="default" onClick={() => setAsking("status")}>
        {active ? "Deactivate…" : "Activate…"}
      </PermissionButton>
      <PermissionButton permission="person.write" variant="default" onClick={() => setAsking("archive")}>
        {archived ? "Restore…" : "Archive…"}
      </PermissionButton>
      <ConfirmDialog
        opened={asking === "status"}
        onClose={() => setAsking(null)}
        title={active ? "Deactivate this person?" : "Activate this person?"}
        confirm={active ? "Deactivate" : "Activate"}
        danger={active}
        onConfirm={() => update.mutateAsync({ status: active ? "inactive" : "active" })}
      >
        {active
          ? "The person counts as having left, and their active accounts show up in the removal lists. No run makes them active again; only you can. Nothing happens at the vendors."
          : "The person counts as being in the company again."}
      </ConfirmDialog>
      <ConfirmDialog
        opened={asking === "archive"}
        onClose={() => setAsking(null)}
        title={archived ? "Restore this person?" : "Archive this person?"}
        confirm={archived ? "Restore" : "Archive"}
        onConfirm={() => update.mutateAsync({ archived: !archived })}
      >
        {archived
          ? "The person is shown in the lists again, and runs keep them up to date."
          : "The person is hidden from the lists. They are kept with their history and can be restored here. Runs leave them as they are, unless the integration is set to restore archived records."}
      </ConfirmDialog>
    </>
  );
}
