import { List, Stack, Title } from "@mantine/core";
import type { Destination } from "@rollcall/core/contract/destinations.ts";
import { IconArrowRight } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { allCredentialsOptions } from "../../api/credentials.ts";
import { Facts } from "../../components/Facts.tsx";
import { useFieldLabels } from "../../components/use-field-labels.ts";
import { paths } from "../../paths.ts";
import { usePermission } from "../../session/session-context.ts";
import { Link } from "../../ui/Link.tsx";
import { showValue } from "../../ui/show-value.ts";
import { modeWords, syncKeyWords } from "./destination-words.ts";

/** The settings of a destination, to read. */
export function DestinationSettings({ destination }: { readonly destination: Destination }) {
  const { url, credentialId, enabled, mode, bulkConnector, syncKey, suspendPeople } = destination;
  const { follows, fields, constants } = destination;
  const seesCredentials = usePermission("credential.read").allowed;
  const credentials = useQuery({ ...allCredentialsOptions(), enabled: seesCredentials }).data?.data;
  const credential = credentials?.find(({ id }) => id === credentialId);
  const labelOf = useFieldLabels();
  return (
    <Stack gap="lg">
      <Facts
        facts={[
          ["Address of the instance", url],
          [
            "Credential",
            <Link key="credential" to={paths.credential(credentialId)}>
              {credential?.name ?? "the credential"}
            </Link>,
          ],
          ["State", enabled ? "On" : "Off: changes are queued and wait"],
          ["Sync key", syncKeyWords[syncKey].label],
          ["How people are sent", `${modeWords[mode].label}${bulkConnector === null ? "" : `, as ${bulkConnector}`}`],
          ["Suspend people", suspendPeople ? "Yes: who is inactive here is suspended there" : "No"],
        ]}
      />
      <div>
        <Title order={3} mb="xs">
          Integrations it follows
        </Title>
        {follows.length === 0 ? (
          <span className="quiet">None yet, so nothing is sent. Edit to choose some.</span>
        ) : (
          <List>
            {follows.map(({ integrationId, integrationName, saasName, saasId }) => (
              <List.Item key={integrationId}>
                <Link to={paths.integration(integrationId)} underline="always">
                  {integrationName}
                </Link>
                {saasName === null
                  ? ": people only"
                  : `: people, and the users of ${saasName}${saasId === null ? "" : ` (id ${saasId})`}`}
              </List.Item>
            ))}
          </List>
        )}
      </div>
      <div>
        <Title order={3} mb="xs">
          Fields
        </Title>
        <List>
          {fields.map(({ field, externalId, when }) => (
            <List.Item key={externalId}>
              {labelOf(field)} <IconArrowRight size={13} aria-label="to" role="img" /> <code>{externalId}</code>
              {when === "create" && ", only for new people"}
            </List.Item>
          ))}
          {Object.entries(constants).map(([name, value]) => (
            <List.Item key={`constant ${name}`}>
              always {showValue(value)} <IconArrowRight size={13} aria-label="to" role="img" /> <code>{name}</code>,
              only for new people
            </List.Item>
          ))}
        </List>
      </div>
    </Stack>
  );
}
