import { Button, Group, Modal, Radio, Select, Stack, Text, TextInput } from "@mantine/core";
import type { ApiToken, Permission } from "@rollcall/core/contract/access.ts";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { allAccountsOptions } from "../../api/accounts.ts";
import { createApiToken } from "../../api/api-tokens.ts";
import { useCommand } from "../../api/use-command.ts";
import { CopyText } from "../../components/CopyText.tsx";
import { Problem } from "../../components/Problem.tsx";
import { useProblemForm } from "../../forms/use-problem-form.ts";
import { usePermission, useSession } from "../../session/session-context.ts";
import { formatDateTime } from "../../ui/format-time.ts";
import { roleWords } from "../accounts/role-words.ts";
import { ScopeChoice } from "./ScopeChoice.tsx";

type Created = ApiToken & { readonly token: string };

/** Asks whose token it is, what it may do and until when; then shows it, once. */
export function NewToken({ onClose }: { readonly onClose: () => void }) {
  const [created, setCreated] = useState<Created | null>(null);
  return created === null ? (
    <TokenForm onClose={onClose} onCreated={setCreated} />
  ) : (
    <ShownToken token={created} onClose={onClose} />
  );
}

type FormProps = { readonly onClose: () => void; readonly onCreated: (token: Created) => void };

function TokenForm({ onClose, onCreated }: FormProps) {
  const { account, permissions } = useSession();
  const forOthers = usePermission("account.write").allowed;
  const accounts = useQuery({ ...allAccountsOptions(), enabled: forOthers }).data?.data ?? [];
  const create = useCommand(createApiToken, ["/api-tokens"]);
  const { form, error, busy, submit } = useProblemForm({
    initialValues: { name: "", accountId: account.id, may: "read", scopes: [] as Permission[], expires: inDays(90) },
    validate: {
      scopes: (scopes, { may }) => (may === "some" && scopes.length === 0 ? "Tick at least one." : null),
      expires: (date) => (date !== "" && endOf(date) <= Date.now() ? "Choose a day that is not over." : null),
    },
    fieldOf: (pointer) => (pointer === "/expiresAt" ? "expires" : undefined),
  });
  const scopesOf = ({ may, scopes }: typeof form.values): readonly (Permission | "*")[] => {
    if (may === "all") return ["*"];
    return may === "some" ? scopes : permissions.filter((permission) => permission.endsWith(".read"));
  };
  return (
    <Modal opened onClose={onClose} title="Add a token" centered size="lg">
      <form
        onSubmit={submit(async (values) =>
          onCreated(
            await create.mutateAsync({
              name: values.name,
              accountId: values.accountId,
              scopes: [...scopesOf(values)],
              expiresAt: values.expires === "" ? null : new Date(endOf(values.expires)).toISOString(),
            }),
          ),
        )}
      >
        <Stack gap="md">
          <TextInput
            label="Name"
            description="What uses it, so that you know later which to revoke."
            required
            data-autofocus
            {...form.getInputProps("name")}
          />
          {forOthers && (
            <Select
              label="Acts as"
              description="What it does is recorded under this account. It can do no more than the account's role allows."
              searchable
              data={accounts
                .filter(({ status }) => status === "active")
                .map(({ id, name, role }) => ({
                  value: id,
                  label: `${name} (${roleWords(role).label.toLowerCase()})`,
                }))}
              {...form.getInputProps("accountId")}
            />
          )}
          <Radio.Group label="What it may do" {...form.getInputProps("may")}>
            <Stack gap={8} mt={6}>
              <Radio value="read" label="Only see" description="Everything that you may see; it changes nothing." />
              <Radio value="all" label="Everything its account may" />
              <Radio value="some" label="Only what is ticked" />
            </Stack>
          </Radio.Group>
          {form.values.may === "some" && (
            <ScopeChoice
              permissions={permissions}
              value={form.values.scopes}
              onChange={(scopes) => form.setFieldValue("scopes", [...scopes])}
              error={form.errors.scopes}
            />
          )}
          <TextInput
            type="date"
            label="Good until"
            description="The end of this day. Leave it empty for a token that does not expire."
            {...form.getInputProps("expires")}
          />
          {error !== undefined && <Problem error={error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={busy}>
              Make the token
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function ShownToken({
  token: { name, token, expiresAt },
  onClose,
}: {
  readonly token: Created;
  readonly onClose: () => void;
}) {
  return (
    <Modal opened onClose={onClose} title={`The token ${name}`} centered closeOnClickOutside={false}>
      <Stack gap="md">
        <Text>Keep it where passwords are kept. It is shown this once and never again.</Text>
        <CopyText label="Token" value={token} monospace />
        <Text size="sm" c="dimmed">
          {expiresAt === null ? "It does not expire." : `It expires on ${formatDateTime(expiresAt)}.`} Programs send it
          in the header <code>Authorization: Bearer …</code>; the command line takes it with <code>rollcall login</code>
          .
        </Text>
        <Group justify="flex-end">
          <Button onClick={onClose}>Done</Button>
        </Group>
      </Stack>
    </Modal>
  );
}

/** The last instant of a day in the reader's zone, in milliseconds. */
function endOf(date: string): number {
  return new Date(`${date}T23:59:59`).getTime();
}

/** The date so many days from today, in the reader's zone. */
function inDays(days: number): string {
  const date = new Date();
  date.setDate(date.getDate() + days);
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()]
    .map((part) => String(part).padStart(2, "0"))
    .join("-");
}
