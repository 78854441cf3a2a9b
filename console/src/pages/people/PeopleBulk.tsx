import { Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import type { Person, UpdatePerson } from "@rollcall/core/contract/people.ts";
import { useState } from "react";
import { updatePerson } from "../../api/people.ts";
import { problemOf } from "../../api/problem-error.ts";
import { useCommand } from "../../api/use-command.ts";
import { ConfirmDialog } from "../../components/ConfirmDialog.tsx";
import { PermissionButton } from "../../session/PermissionButton.tsx";
import { formatNumber } from "../../ui/format-time.ts";

type Action = {
  readonly label: string;
  readonly change: UpdatePerson;
  readonly question: string;
  readonly applies: (person: Person) => boolean;
};

const actions: readonly Action[] = [
  {
    label: "Protect",
    change: { protected: true },
    question: "No run will ever deactivate a protected person. Runs go on updating their values.",
    applies: (person) => !person.protected,
  },
  {
    label: "Archive",
    change: { archived: true },
    question: "Archived people are hidden from the lists. They are kept and can be restored on their page.",
    applies: ({ archivedAt }) => archivedAt === null,
  },
  {
    label: "Restore",
    change: { archived: false },
    question: "The people are shown in the lists again.",
    applies: ({ archivedAt }) => archivedAt !== null,
  },
];

/** What can be done with several people at once: one call each, and a word about those it did not work for. */
export function PeopleBulk({ people, onDone }: { readonly people: readonly Person[]; readonly onDone: () => void }) {
  const [asking, setAsking] = useState<Action>();
  const change = useCommand((action: Action) => changeEach(people.filter(action.applies), action.change), ["/people"]);
  const count = asking === undefined ? 0 : people.filter(asking.applies).length;
  return (
    <>
      {actions
        .filter(({ applies }) => people.some(applies))
        .map((action) => (
          <PermissionButton
            key={action.label}
            permission="person.write"
            size="compact-md"
            variant="default"
            onClick={() => setAsking(action)}
          >
            {action.label}…
          </PermissionButton>
        ))}
      <ConfirmDialog
        opened={asking !== undefined}
        onClose={() => setAsking(undefined)}
        title={`${asking?.label ?? ""} ${count === 1 ? "1 person" : `${formatNumber(count)} people`}?`}
        confirm={asking?.label ?? ""}
        onConfirm={async () => {
          if (asking === undefined) return;
          const { done, failures } = await change.mutateAsync(asking);
          notifications.show({
            title: `${asking.label}: ${formatNumber(done)} done${failures.length === 0 ? "" : `, ${formatNumber(failures.length)} refused`}`,
            message: failures[0] ?? "",
            color: failures.length === 0 ? "petrol" : "red",
          });
          onDone();
        }}
      >
        <Text>{asking?.question}</Text>
      </ConfirmDialog>
    </>
  );
}

type Outcome = { readonly done: number; readonly failures: readonly string[] };

async function changeEach(people: readonly Person[], change: UpdatePerson): Promise<Outcome> {
  const failures: string[] = [];
  for (const { id } of people) {
    try {
      await updatePerson(id, change);
    } catch (error) {
      failures.push(problemOf(error).detail);
    }
  }
  return { done: people.length - failures.length, failures };
}
