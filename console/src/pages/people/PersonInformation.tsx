import { Card, Group, Stack, Switch, Title } from "@mantine/core";
import type { Field } from "@rollcall/core/contract/fields.ts";
import type { Person } from "@rollcall/core/contract/people.ts";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { inventoryFieldsOptions } from "../../api/inventory-fields.ts";
import { updatePerson } from "../../api/people.ts";
import { useCommand } from "../../api/use-command.ts";
import { ErrorState } from "../../components/ErrorState.tsx";
import { LoadingCards } from "../../components/LoadingTable.tsx";
import { Problem } from "../../components/Problem.tsx";
import { PermissionButton } from "../../session/PermissionButton.tsx";
import { usePermission } from "../../session/session-context.ts";
import { Fact, Facts } from "../../ui/Facts.tsx";
import { RelativeTime } from "../../ui/RelativeTime.tsx";
import { FieldValue } from "./FieldValue.tsx";
import { PersonForm } from "./PersonForm.tsx";
import { fieldValueOf } from "./person-values.ts";

/** Every field of a person, and the form to change them by hand. */
export function PersonInformation({ person }: { readonly person: Person }) {
  const [editing, setEditing] = useState(false);
  const fields = useQuery(inventoryFieldsOptions("person"));
  if (fields.isPending) return <LoadingCards cards={1} height={260} />;
  if (fields.isError) return <ErrorState error={fields.error} onRetry={() => void fields.refetch()} />;
  const all = fields.data.data;
  return (
    <Stack gap="lg">
      <Card component="section" aria-labelledby="information-title">
        <Group justify="space-between" mb="md">
          <Title order={2} id="information-title">
            Information
          </Title>
          {!editing && (
            <PermissionButton permission="person.write" size="xs" variant="default" onClick={() => setEditing(true)}>
              Edit
            </PermissionButton>
          )}
        </Group>
        {editing ? (
          <PersonForm person={person} fields={all} onDone={() => setEditing(false)} />
        ) : (
          <PersonFacts person={person} fields={all} />
        )}
      </Card>
      <Protection person={person} />
    </Stack>
  );
}

function PersonFacts({ person, fields }: { readonly person: Person; readonly fields: readonly Field[] }) {
  const named = new Set(fields.map(({ name }) => name));
  const others = Object.entries(person.attributes).filter(([name]) => !named.has(name));
  return (
    <Facts>
      {fields.map((field) => (
        <Fact key={field.name} label={field.label}>
          <FieldValue value={fieldValueOf(person, field)} type={field.type} />
        </Fact>
      ))}
      {others.map(([name, value]) => (
        <Fact key={name} label={name}>
          <FieldValue value={value} type={undefined} />
        </Fact>
      ))}
      <Fact label="Added">
        <RelativeTime at={person.createdAt} />
      </Fact>
      <Fact label="Last changed">
        <RelativeTime at={person.updatedAt} />
      </Fact>
    </Facts>
  );
}

function Protection({ person }: { readonly person: Person }) {
  const update = useCommand((on: boolean) => updatePerson(person.id, { protected: on }));
  const { allowed, reason } = usePermission("person.write");
  return (
    <Card component="section" aria-labelledby="protection-title">
      <Title order={2} id="protection-title" mb="md">
        Protection
      </Title>
      <Switch
        label="Protected"
        description="No run ever deactivates a protected person, whatever the vendor says; such deactivations are listed as withheld. Values are still updated. For the owner of an account, or an emergency access."
        checked={update.isPending ? update.variables : person.protected}
        disabled={!allowed || update.isPending}
        onChange={({ currentTarget }) => update.mutate(currentTarget.checked)}
        {...(allowed ? {} : { title: reason })}
      />
      {update.isError && <Problem error={update.error} />}
    </Card>
  );
}
