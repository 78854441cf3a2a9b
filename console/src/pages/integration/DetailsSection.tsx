import { Stack, Text, Title } from "@mantine/core";
import type { Connector } from "@rollcall/core/contract/connectors.ts";
import type { Integration } from "@rollcall/core/contract/integrations.ts";
import { useQuery } from "@tanstack/react-query";
import { softwareItemOptions } from "../../api/saas.ts";
import { AccountName } from "../../components/AccountName.tsx";
import { Facts } from "../../components/Facts.tsx";
import { paths } from "../../paths.ts";
import { Link } from "../../ui/Link.tsx";
import { ContactsList } from "./ContactsList.tsx";
import { showInput } from "./connector-inputs.ts";
import { DetailsForm } from "./DetailsForm.tsx";
import {
  deactivationWords,
  installationWords,
  modeWords,
  preferenceWords,
  softwareOutcomeWords,
} from "./integration-words.ts";
import { Section } from "./Section.tsx";

type Props = {
  readonly integration: Integration;
  readonly connector: Connector | undefined;
  readonly editing: boolean;
  readonly onEdit: (editing: boolean) => void;
};

/** Integration details: whom it writes for, what it fills, what it may do. */
export function DetailsSection({ integration, connector, editing, onEdit }: Props) {
  const canEdit = !editing && connector !== undefined;
  return (
    <Section id="details" title="Integration details" onEdit={canEdit ? () => onEdit(true) : undefined}>
      {editing && connector !== undefined ? (
        <DetailsForm integration={integration} connector={connector} onDone={() => onEdit(false)} />
      ) : (
        <Details integration={integration} connector={connector} />
      )}
    </Section>
  );
}

function Details({ integration, connector }: Pick<Props, "integration" | "connector">) {
  const { mode, preference, installation, guard, inputs } = integration;
  return (
    <Stack gap="lg">
      <Facts
        facts={[
          ["Name", integration.name],
          ["Integration user", <AccountName key="user" id={integration.integrationUser} absent="not chosen" />],
          ["Integration contacts", <ContactsList key="contacts" integration={integration} />],
          ["Fills", modeWords[mode].label],
          ["Software SaaS selection", <SoftwareOutcome key="software" integration={integration} />],
          ["Deactivate", deactivationWords(integration)],
          ["Integration preference", preferenceWords[preference].label],
          ["Installation type", installationWords[installation].label],
          [
            "Guard",
            guard.enabled
              ? `More than ${guard.minCount} people and ${guard.maxPercent} % in one run, or ${guard.windowPercent} % in ${guard.windowDays} days, wait for approval.`
              : "Off: deactivations are never held back.",
          ],
        ]}
      />
      {connector !== undefined && (
        <div>
          <Title order={3} mb="xs">
            {connector.name}
          </Title>
          <Facts facts={connector.inputs.map(({ name, input }) => [input.label, showInput(input, inputs[name])])} />
        </div>
      )}
    </Stack>
  );
}

/** Which SaaS record is filled, and how that came to be. */
function SoftwareOutcome({
  integration: { softwareId, softwareOutcome, mode },
}: {
  readonly integration: Integration;
}) {
  const software = useQuery({ ...softwareItemOptions(softwareId ?? ""), enabled: softwareId !== null });
  if (softwareId === null) {
    return <>{mode === "user-only" ? "Not needed for User only" : "Found or created when you save"}</>;
  }
  const name = software.data?.name ?? "the SaaS record";
  return (
    <>
      <Link to={paths.saasApplication(softwareId)}>{name}</Link>
      <Text size="sm" c="dimmed">
        {softwareOutcomeWords(softwareOutcome, name)}
      </Text>
    </>
  );
}
