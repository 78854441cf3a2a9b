import { Card, Stack, Text, TextInput, Title, UnstyledButton } from "@mantine/core";
import { IconChevronRight, IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { connectorsOptions } from "../../api/connectors.ts";
import { ErrorState } from "../../components/ErrorState.tsx";
import { LoadingTable } from "../../components/LoadingTable.tsx";
import { NoPermission } from "../../components/NoPermission.tsx";
import { PageHeader } from "../../components/PageHeader.tsx";
import { paths } from "../../paths.ts";
import { usePermission } from "../../session/session-context.ts";
import { useTableAddress } from "../../table/use-table-address.ts";
import { CredentialForm } from "./CredentialForm.tsx";
import { genericKinds } from "./credential-kinds.ts";
import classes from "./NewCredentialPage.module.css";

const crumbs = [{ label: "Configuration" }, { label: "Security" }, { label: "Credentials", to: paths.credentials() }];

/** First the vendor, then what it asks for. `?kind=` is the vendor, `?integration=` the one that waits for the credential. */
export function NewCredentialPage() {
  const [{ kind, integration }, change] = useTableAddress();
  if (!usePermission("credential.write").allowed) {
    return (
      <>
        <PageHeader title="Add new credential" crumbs={crumbs} />
        <NoPermission />
      </>
    );
  }
  return kind === undefined ? (
    <ChooseVendor onChoose={(chosen) => change({ kind: chosen })} />
  ) : (
    <CredentialForm
      kind={kind}
      integrationId={integration}
      crumbs={crumbs}
      onBack={() => change({ kind: undefined })}
    />
  );
}

function ChooseVendor({ onChoose }: { readonly onChoose: (kind: string) => void }) {
  const [text, setText] = useState("");
  const connectors = useQuery(connectorsOptions());
  const wanted = text.trim().toLowerCase();
  const fits = (...words: readonly string[]) => words.some((word) => word.toLowerCase().includes(wanted));
  const vendors = connectors.data?.data.filter((each) => fits(each.name, each.publisher, each.category)) ?? [];
  return (
    <>
      <PageHeader
        title="Add new credential"
        crumbs={crumbs}
        description="Which vendor is it for? The form then asks for what that vendor gives you."
      />
      <div className={classes.columns}>
        <Card component="section" aria-labelledby="vendors">
          <Stack gap="md">
            <Title order={2} id="vendors">
              Vendors
            </Title>
            <TextInput
              type="search"
              aria-label="Search vendors"
              placeholder="Search vendors"
              leftSection={<IconSearch size={16} aria-hidden />}
              value={text}
              onChange={({ currentTarget }) => setText(currentTarget.value)}
            />
            {connectors.isPending && <LoadingTable rows={3} />}
            {connectors.isError && <ErrorState error={connectors.error} onRetry={() => void connectors.refetch()} />}
            <div>
              {vendors.map(({ id, name, publisher, category }) => (
                <Choice key={id} title={name} detail={`${publisher}, ${category}`} onChoose={() => onChoose(id)} />
              ))}
            </div>
            {connectors.isSuccess && vendors.length === 0 && (
              <Text c="dimmed" role="status">
                No vendor is called “{text}”. Take one of the general kinds instead.
              </Text>
            )}
          </Stack>
        </Card>
        <Card component="section" aria-labelledby="advanced">
          <Stack gap="md">
            <div>
              <Title order={2} id="advanced">
                Advanced: a vendor not in the list
              </Title>
              <Text c="dimmed" size="sm">
                How does it let programs in?
              </Text>
            </div>
            <div>
              {genericKinds.map(({ kind, label, description }) => (
                <Choice key={kind} title={label} detail={description} onChoose={() => onChoose(kind)} />
              ))}
            </div>
          </Stack>
        </Card>
      </div>
    </>
  );
}

type ChoiceProps = { readonly title: string; readonly detail: string; readonly onChoose: () => void };

function Choice({ title, detail, onChoose }: ChoiceProps) {
  return (
    <UnstyledButton className={classes.choice} onClick={onChoose}>
      <span>
        <Text fw={600} component="span" display="block">
          {title}
        </Text>
        <Text size="sm" c="dimmed" component="span" display="block">
          {detail}
        </Text>
      </span>
      <IconChevronRight size={18} aria-hidden />
    </UnstyledButton>
  );
}
