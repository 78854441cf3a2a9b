import { Button, Card, Group, PasswordInput, Stack, Text, Title } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { changePassword, endSession, sessionListOptions } from "../../api/session.ts";
import { useCommand } from "../../api/use-command.ts";
import { ErrorState } from "../../components/ErrorState.tsx";
import { Facts } from "../../components/Facts.tsx";
import { LoadingTable } from "../../components/LoadingTable.tsx";
import { PageHeader } from "../../components/PageHeader.tsx";
import { Problem } from "../../components/Problem.tsx";
import { useProblemForm } from "../../forms/use-problem-form.ts";
import { useSession } from "../../session/session-context.ts";
import { RelativeTime } from "../../ui/RelativeTime.tsx";
import { StatusBadge } from "../../ui/StatusBadge.tsx";
import { roleWords } from "../accounts/role-words.ts";
import { browserWords } from "./browser-words.ts";

/** The signed-in account: who it is, its password, where it is signed in. */
export function ProfilePage() {
  const { account, role } = useSession();
  return (
    <>
      <PageHeader title="Profile" />
      <Stack gap="lg">
        <Card component="section" aria-labelledby="account">
          <Title order={2} id="account" mb="md">
            Account
          </Title>
          <Facts
            facts={[
              ["Name", account.name],
              ["E-mail", account.email ?? "none"],
              ["Role", roleWords(role).label],
            ]}
          />
          <Text size="sm" c="dimmed" mt="sm">
            {roleWords(role).help}
          </Text>
        </Card>
        <Sessions />
        <Password />
      </Stack>
    </>
  );
}

function Sessions() {
  const sessions = useQuery(sessionListOptions);
  const end = useCommand(endSession, ["/session/list"]);
  return (
    <Card component="section" aria-labelledby="sessions">
      <Title order={2} id="sessions" mb="md">
        Where you are signed in
      </Title>
      {sessions.isPending && <LoadingTable rows={2} />}
      {sessions.isError && <ErrorState error={sessions.error} onRetry={() => void sessions.refetch()} />}
      {end.isError && <Problem error={end.error} />}
      <Stack gap="md">
        {sessions.data?.data.map(({ id, current, userAgent, address, lastUsedAt, createdAt }) => (
          <Group key={id} justify="space-between">
            <div>
              <Group gap="xs">
                <Text fw={550}>{browserWords(userAgent)}</Text>
                {current && <StatusBadge status="current" label="This browser" tone="good" />}
              </Group>
              <Text size="sm" c="dimmed">
                {address}, last used <RelativeTime at={lastUsedAt} />, since <RelativeTime at={createdAt} />
              </Text>
            </div>
            {!current && (
              <Button
                variant="default"
                size="xs"
                aria-label={`End it: ${browserWords(userAgent)} at ${address}`}
                loading={end.isPending && end.variables === id}
                onClick={() => end.mutate(id)}
              >
                End it
              </Button>
            )}
          </Group>
        ))}
      </Stack>
    </Card>
  );
}

function Password() {
  const change = useCommand(changePassword, ["/session"]);
  const { form, error, busy, submit } = useProblemForm({
    initialValues: { currentPassword: "", newPassword: "" },
    validate: { newPassword: (text) => (text.length < 12 ? "Use at least 12 characters." : null) },
  });
  return (
    <Card component="section" aria-labelledby="password">
      <Title order={2} id="password" mb="md">
        Password
      </Title>
      <form
        onSubmit={submit(async (values) => {
          await change.mutateAsync(values);
          form.reset();
          notifications.show({ title: "Password changed", message: "You are signed out everywhere else." });
        })}
      >
        <Stack gap="md" maw={420}>
          <PasswordInput
            label="Your password now"
            required
            autoComplete="current-password"
            {...form.getInputProps("currentPassword")}
          />
          <PasswordInput
            label="New password"
            description="At least 12 characters."
            required
            autoComplete="new-password"
            {...form.getInputProps("newPassword")}
          />
          {error !== undefined && <Problem error={error} />}
          <Group>
            <Button type="submit" loading={busy}>
              Change the password
            </Button>
          </Group>
        </Stack>
      </form>
    </Card>
  );
}
