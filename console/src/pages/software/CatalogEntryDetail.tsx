import { Group, NativeSelect, Stack, Title } from "@mantine/core";
import type { CatalogEntry } from "@rollcall/core/contract/catalog.ts";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { allSoftwareOptions, catalogEntryOptions, updateSoftware } from "../../api/saas.ts";
import { useCommand } from "../../api/use-command.ts";
import { ErrorState } from "../../components/ErrorState.tsx";
import { LoadingCards } from "../../components/LoadingTable.tsx";
import { Problem } from "../../components/Problem.tsx";
import { paths } from "../../paths.ts";
import { PermissionButton } from "../../session/PermissionButton.tsx";
import { Fact, Facts } from "../../ui/Facts.tsx";
import { Link } from "../../ui/Link.tsx";
import { Nothing } from "../../ui/Nothing.tsx";
import { WebAddress } from "./WebAddress.tsx";

type LinkChange = { readonly softwareId: string; readonly catalogEntryId: string | null };

/** One entry: what it is, and the applications linked to it, to link and unlink. */
export function CatalogEntryDetail({ id }: { readonly id: string }) {
  const entry = useQuery(catalogEntryOptions(id));
  const link = useCommand(({ softwareId, catalogEntryId }: LinkChange) =>
    updateSoftware(softwareId, { catalogEntryId }),
  );
  if (entry.isPending) return <LoadingCards cards={1} />;
  if (entry.isError) return <ErrorState error={entry.error} onRetry={() => void entry.refetch()} />;
  const { name, publisher, category, url, logo, software } = entry.data;
  return (
    <Stack gap="lg">
      <Group>
        {logo !== null && <img src={logo} alt="" width={40} height={40} />}
        <Title order={3}>{name}</Title>
      </Group>
      <Facts>
        <Fact label="Publisher">{publisher || <Nothing />}</Fact>
        <Fact label="Category">{category || <Nothing />}</Fact>
        <Fact label="Address">{url === "" ? <Nothing /> : <WebAddress url={url} />}</Fact>
      </Facts>
      <Title order={3}>Your applications</Title>
      {software.length === 0 && <span className="quiet">none linked</span>}
      {software.map((each) => (
        <Group key={each.id} justify="space-between" wrap="nowrap">
          <Link to={paths.saasApplication(each.id)} className="wrap-anywhere">
            {each.name}
          </Link>
          <PermissionButton
            permission="saas.write"
            variant="default"
            size="compact-md"
            aria-label={`Unlink ${each.name}`}
            onClick={() => link.mutate({ softwareId: each.id, catalogEntryId: null })}
          >
            Unlink
          </PermissionButton>
        </Group>
      ))}
      <LinkAnother entry={entry.data} onLink={(softwareId) => link.mutate({ softwareId, catalogEntryId: id })} />
      {link.isError && <Problem error={link.error} />}
    </Stack>
  );
}

type LinkProps = { readonly entry: CatalogEntry; readonly onLink: (softwareId: string) => void };

function LinkAnother({ entry, onLink }: LinkProps) {
  const [chosen, setChosen] = useState("");
  const all = useQuery(allSoftwareOptions());
  const linked = new Set(entry.software.map(({ id }) => id));
  const others = (all.data?.data ?? []).filter(({ id }) => !linked.has(id));
  if (others.length === 0) return null;
  return (
    <Group align="flex-end">
      <NativeSelect
        label="Another application"
        value={chosen}
        onChange={({ currentTarget }) => setChosen(currentTarget.value)}
        data={[
          { value: "", label: "Choose an application" },
          ...others.map(({ id, name }) => ({ value: id, label: name })),
        ]}
      />
      <PermissionButton
        permission="saas.write"
        disabledBecause={chosen === "" ? "Choose an application first." : undefined}
        onClick={() => {
          onLink(chosen);
          setChosen("");
        }}
      >
        Link
      </PermissionButton>
    </Group>
  );
}
