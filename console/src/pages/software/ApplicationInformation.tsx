import { Card, Group, Stack, Title } from "@mantine/core";
import type { Software } from "@rollcall/core/contract/saas.ts";
import { useState } from "react";
import { paths } from "../../paths.ts";
import { PermissionButton } from "../../session/PermissionButton.tsx";
import { Fact, Facts } from "../../ui/Facts.tsx";
import { formatNumber } from "../../ui/format-time.ts";
import { Link } from "../../ui/Link.tsx";
import { Nothing } from "../../ui/Nothing.tsx";
import { RelativeTime } from "../../ui/RelativeTime.tsx";
import { ApplicationForm } from "./ApplicationForm.tsx";
import { CatalogLink } from "./CatalogLink.tsx";
import { formatMoney } from "./money.ts";
import { WebAddress } from "./WebAddress.tsx";

/** What is known of an application, to be changed by hand, and its entry in the software catalog. */
export function ApplicationInformation({ software }: { readonly software: Software }) {
  const [editing, setEditing] = useState(false);
  return (
    <Stack gap="lg">
      <Card component="section" aria-labelledby="information-title">
        <Group justify="space-between" mb="md">
          <Title order={2} id="information-title">
            Information
          </Title>
          {!editing && (
            <PermissionButton permission="saas.write" size="xs" variant="default" onClick={() => setEditing(true)}>
              Edit
            </PermissionButton>
          )}
        </Group>
        {editing ? (
          <ApplicationForm software={software} onDone={() => setEditing(false)} />
        ) : (
          <ApplicationFacts software={software} />
        )}
      </Card>
      <CatalogLink software={software} />
    </Stack>
  );
}

function ApplicationFacts({ software }: { readonly software: Software }) {
  const { name, publisher, category, url, seats, seatCost, currency, integrations } = software;
  return (
    <Facts>
      <Fact label="Name">{name}</Fact>
      <Fact label="Publisher">{publisher || <Nothing />}</Fact>
      <Fact label="Category">{category || <Nothing />}</Fact>
      <Fact label="Address">{url === "" ? <Nothing /> : <WebAddress url={url} />}</Fact>
      <Fact label="Seats bought">{seats === null ? <Nothing /> : formatNumber(seats)}</Fact>
      <Fact label="Cost of a seat, a month">{seatCost === null ? <Nothing /> : formatMoney(seatCost, currency)}</Fact>
      <Fact label="Filled by">
        {integrations.length === 0 ? (
          <span className="quiet">no integration</span>
        ) : (
          integrations.map(({ id, name: integration }, index) => (
            <span key={id}>
              {index > 0 && ", "}
              <Link to={paths.integration(id)}>{integration}</Link>
            </span>
          ))
        )}
      </Fact>
      <Fact label="Added">
        <RelativeTime at={software.createdAt} />
      </Fact>
      <Fact label="Last changed">
        <RelativeTime at={software.updatedAt} />
      </Fact>
    </Facts>
  );
}
