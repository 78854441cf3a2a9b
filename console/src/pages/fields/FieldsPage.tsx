import { Paper, ScrollArea, Stack, Table, Text, Title } from "@mantine/core";
import type { Field } from "@rollcall/core/contract/fields.ts";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { inventoryFieldsOptions } from "../../api/inventory-fields.ts";
import { ErrorState } from "../../components/ErrorState.tsx";
import { LoadingTable } from "../../components/LoadingTable.tsx";
import { PageHeader } from "../../components/PageHeader.tsx";
import { PermissionButton } from "../../session/PermissionButton.tsx";
import { fieldTypeWords } from "../mapping/mapping-fields.ts";
import { FieldDialog } from "./FieldDialog.tsx";

/** Configuration > Inventory fields. */
export function FieldsPage() {
  const fields = useQuery(inventoryFieldsOptions());
  const [dialog, setDialog] = useState<"new" | Field | null>(null);
  const of = (entity: Field["entity"]) => fields.data?.data.filter((field) => field.entity === entity) ?? [];
  return (
    <>
      <PageHeader
        title="Inventory fields"
        crumbs={[{ label: "Configuration" }]}
        description="What is kept about people and about the users of applications. Integrations fill them through their mappings."
        actions={
          <PermissionButton
            permission="field.write"
            leftSection={<IconPlus size={16} aria-hidden />}
            onClick={() => setDialog("new")}
          >
            Add new inventory field
          </PermissionButton>
        }
      />
      {fields.isPending && <LoadingTable rows={10} />}
      {fields.isError && <ErrorState error={fields.error} onRetry={() => void fields.refetch()} />}
      {fields.isSuccess && (
        <Stack gap="xl">
          <FieldTable title="People" fields={of("person")} onEdit={setDialog} />
          <FieldTable title="SaaS users" fields={of("saas-user")} onEdit={setDialog} />
        </Stack>
      )}
      {dialog === "new" && <FieldDialog onClose={() => setDialog(null)} />}
      {dialog !== null && dialog !== "new" && <FieldDialog field={dialog} onClose={() => setDialog(null)} />}
    </>
  );
}

type TableProps = {
  readonly title: string;
  readonly fields: readonly Field[];
  readonly onEdit: (field: Field) => void;
};

function FieldTable({ title, fields, onEdit }: TableProps) {
  return (
    <section aria-label={title}>
      <Title order={2} mb="sm">
        {title}
      </Title>
      <Paper withBorder radius="lg">
        <ScrollArea type="auto" viewportProps={{ tabIndex: 0, role: "region", "aria-label": `Fields of ${title}` }}>
          <Table verticalSpacing="xs" horizontalSpacing="md" miw={720}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Label</Table.Th>
                <Table.Th>Name in the API</Table.Th>
                <Table.Th>Type</Table.Th>
                <Table.Th>Rules</Table.Th>
                <Table.Th>
                  <span className="visually-hidden">Actions</span>
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {fields.map((field) => (
                <Table.Tr key={field.id}>
                  <Table.Td>
                    <Text fw={550} className="wrap-anywhere">
                      {field.label}
                    </Text>
                    {field.help !== "" && (
                      <Text size="sm" c="dimmed">
                        {field.help}
                      </Text>
                    )}
                  </Table.Td>
                  <Table.Td>
                    <code>{field.name}</code>
                  </Table.Td>
                  <Table.Td>{fieldTypeWords[field.type]}</Table.Td>
                  <Table.Td>{rulesOf(field)}</Table.Td>
                  <Table.Td ta="right">
                    <PermissionButton
                      permission="field.write"
                      variant="default"
                      size="xs"
                      aria-label={`Edit ${field.label}`}
                      onClick={() => onEdit(field)}
                    >
                      Edit
                    </PermissionButton>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </ScrollArea>
      </Paper>
    </section>
  );
}

function rulesOf({ builtIn, unique, mandatory, editable, history }: Field): string {
  const rules = [
    builtIn ? "built in" : "added",
    ...(unique ? ["unique"] : []),
    ...(mandatory ? ["mandatory"] : []),
    ...(editable ? [] : ["not editable by hand"]),
    ...(history ? [] : ["not in history"]),
  ];
  return rules.join(", ");
}
