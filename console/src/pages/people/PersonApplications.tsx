import { Card, Stack, Text, Title } from "@mantine/core";
import type { Person } from "@rollcall/core/contract/people.ts";
import { IconApps } from "@tabler/icons-react";
import { EmptyState } from "../../components/EmptyState.tsx";
import { paths } from "../../paths.ts";
import { Fact, Facts } from "../../ui/Facts.tsx";
import { Link } from "../../ui/Link.tsx";
import { StatusBadge } from "../../ui/StatusBadge.tsx";

/** Where the person has an account, as the integrations saw it. */
export function PersonApplications({ person }: { readonly person: Person }) {
  if (person.integrations.length === 0) {
    return (
      <Card>
        <EmptyState icon={IconApps} title="No application">
          No integration has seen this person. One that finds them by a sync key is shown here.
        </EmptyState>
      </Card>
    );
  }
  return (
    <Stack gap="md">
      {person.integrations.map((link) => (
        <Card component="section" key={`${link.integrationId} ${link.vendorKey}`}>
          <Title order={2} mb="sm">
            {link.softwareName ?? link.name}
          </Title>
          <Facts>
            <Fact label="At the vendor">
              <StatusBadge
                status={link.active ? "active" : "inactive"}
                label={link.active ? "Seen as active" : "Gone or inactive"}
              />
            </Fact>
            <Fact label="Id at the vendor">{link.vendorKey}</Fact>
            <Fact label="Integration">
              <Link to={paths.integration(link.integrationId)}>{link.name}</Link>
            </Fact>
            {link.softwareId !== null && link.saasUserId !== null && (
              <Fact label="Application">
                <Link to={paths.saasApplication(link.softwareId, "users", person.email)}>
                  Role, activity and status
                </Link>
              </Fact>
            )}
          </Facts>
        </Card>
      ))}
      <Text c="dimmed" size="sm">
        The status of the account in an application is changed on the application's Users tab.
      </Text>
    </Stack>
  );
}
