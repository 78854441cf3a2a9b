import { Card, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { settingsOptions } from "../../api/settings.ts";
import { ErrorState } from "../../components/ErrorState.tsx";
import { Facts } from "../../components/Facts.tsx";
import { LoadingCards } from "../../components/LoadingTable.tsx";
import { PageHeader } from "../../components/PageHeader.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Webhooks } from "./Webhooks.tsx";

/** Configuration > Settings: how this installation was set up. */
export function SettingsPage() {
  const settings = useQuery(settingsOptions());
  return (
    <>
      <PageHeader
        title="Settings"
        crumbs={[{ label: "Configuration" }]}
        description="How this installation is set up. E-mail and address are set in the server's environment; webhooks are added here."
      />
      {settings.isPending && <LoadingCards cards={2} height={140} />}
      {settings.isError && <ErrorState error={settings.error} onRetry={() => void settings.refetch()} />}
      {settings.isSuccess && (
        <Stack gap="lg">
          <Card component="section" aria-labelledby="email">
            <Title order={2} id="email" mb="md">
              E-mail
            </Title>
            {settings.data.email.setUp ? (
              <Stack gap="md">
                <Notice tone="good" title="E-mail is set up" />
                <Facts
                  facts={[
                    ["Sent from", settings.data.email.from ?? "not set"],
                    ["Waiting to be sent", String(settings.data.email.waiting)],
                  ]}
                />
                {settings.data.email.problem !== null && (
                  <Notice tone="warn" title="The mail server does not take e-mails now">
                    <Text size="sm">{settings.data.email.problem}</Text>
                  </Notice>
                )}
              </Stack>
            ) : (
              <Notice tone="warn" title="E-mail is not set up">
                <Text size="sm">
                  Contacts of integrations are told in the console alone. Start the server with <code>SMTP_URL</code>{" "}
                  and <code>MAIL_FROM</code> to send e-mails too.
                </Text>
              </Notice>
            )}
          </Card>
          <Card component="section" aria-labelledby="address">
            <Title order={2} id="address" mb="md">
              Address
            </Title>
            <Facts facts={[["Links in messages lead to", <code key="url">{settings.data.publicUrl}</code>]]} />
            <Text size="sm" c="dimmed" mt="sm">
              Set by <code>ROLLCALL_PUBLIC_URL</code>.
            </Text>
          </Card>
          <Webhooks />
        </Stack>
      )}
    </>
  );
}
