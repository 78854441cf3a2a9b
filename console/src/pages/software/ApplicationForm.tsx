import { Button, Group, SimpleGrid, Stack, TextInput } from "@mantine/core";
import type { Software, UpdateSoftware } from "@rollcall/core/contract/saas.ts";
import { updateSoftware } from "../../api/saas.ts";
import { useCommand } from "../../api/use-command.ts";
import { Problem } from "../../components/Problem.tsx";
import { useProblemForm } from "../../forms/use-problem-form.ts";

type Texts = Record<"name" | "publisher" | "category" | "url" | "seats" | "seatCost" | "currency", string>;

/** What is known of an application, to change by hand. */
export function ApplicationForm({ software, onDone }: { readonly software: Software; readonly onDone: () => void }) {
  const update = useCommand((change: UpdateSoftware) => updateSoftware(software.id, change), [], onDone);
  const { form, error, busy, submit } = useProblemForm<Texts>({
    initialValues: {
      name: software.name,
      publisher: software.publisher,
      category: software.category,
      url: software.url,
      seats: software.seats === null ? "" : String(software.seats),
      seatCost: software.seatCost === null ? "" : String(software.seatCost),
      currency: software.currency ?? "",
    },
    validate: {
      seats: (text: string) => (numberOf(text) === undefined ? "must be a whole number, or empty" : null),
      seatCost: (text: string) => (numberOf(text) === undefined ? "must be a number, or empty" : null),
    },
  });
  return (
    <form onSubmit={submit((texts) => update.mutateAsync(changeOf(texts)))}>
      <Stack gap="md">
        <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} spacing="lg">
          <TextInput label="Name" required {...form.getInputProps("name")} />
          <TextInput label="Publisher" {...form.getInputProps("publisher")} />
          <TextInput label="Category" {...form.getInputProps("category")} />
          <TextInput label="Address" {...form.getInputProps("url")} />
          <TextInput label="Seats bought" inputMode="numeric" {...form.getInputProps("seats")} />
          <TextInput label="Cost of a seat, a month" inputMode="decimal" {...form.getInputProps("seatCost")} />
          <TextInput
            label="Currency"
            description="Three letters, such as EUR"
            maxLength={3}
            {...form.getInputProps("currency")}
          />
        </SimpleGrid>
        {error !== undefined && <Problem error={error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onDone}>
            Cancel
          </Button>
          <Button type="submit" loading={busy}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function changeOf({ seats, seatCost, currency, ...texts }: Texts): UpdateSoftware {
  return {
    ...texts,
    seats: numberOf(seats) ?? null,
    seatCost: numberOf(seatCost) ?? null,
    currency: currency.trim() === "" ? null : currency.trim().toUpperCase(),
  };
}

/** Null for an empty text, undefined for one that is no number. */
function numberOf(text: string): number | null | undefined {
  if (text.trim() === "") return null;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}
