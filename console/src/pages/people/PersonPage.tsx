import type { Person } from "@rollcall/core/contract/people.ts";
import { IconShieldCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { personOptions } from "../../api/people.ts";
import { ErrorState } from "../../components/ErrorState.tsx";
import { LoadingCards } from "../../components/LoadingTable.tsx";
import { PageHeader } from "../../components/PageHeader.tsx";
import { PageTabs } from "../../components/PageTabs.tsx";
import { paths } from "../../paths.ts";
import { StatusBadge } from "../../ui/StatusBadge.tsx";
import { PersonActions } from "./PersonActions.tsx";
import { PersonApplications } from "./PersonApplications.tsx";
import { PersonHistory } from "./PersonHistory.tsx";
import { PersonInformation } from "./PersonInformation.tsx";
import { PersonWhy } from "./PersonWhy.tsx";

/** One person: what is known, which applications they use, what changed when, and where each value came from. */
export function PersonPage() {
  const { id = "" } = useParams({ strict: false });
  const person = useQuery(personOptions(id));
  if (person.isPending) return <LoadingCards />;
  if (person.isError && person.data === undefined) {
    return (
      <>
        <PageHeader title="Person" crumbs={[{ label: "People", to: paths.people() }]} />
        <ErrorState error={person.error} onRetry={() => void person.refetch()} />
      </>
    );
  }
  return <PersonView key={id} person={person.data} />;
}

function PersonView({ person }: { readonly person: Person }) {
  const name = person.fullName ?? person.email;
  return (
    <>
      <PageHeader
        title={name}
        crumbs={[{ label: "People", to: paths.people() }]}
        badge={<PersonStatus person={person} />}
        description={person.fullName === null ? "No name is known." : person.email}
        actions={<PersonActions person={person} />}
      />
      <PageTabs
        label={`About ${name}`}
        hrefOf={(tab) => paths.person(person.id, tab)}
        tabs={[
          { id: "information", label: "Information", panel: <PersonInformation person={person} /> },
          {
            id: "applications",
            label: `Applications (${person.integrations.length})`,
            panel: <PersonApplications person={person} />,
          },
          { id: "history", label: "History", panel: <PersonHistory id={person.id} /> },
          { id: "why", label: "Why", panel: <PersonWhy id={person.id} /> },
        ]}
      />
    </>
  );
}

function PersonStatus({ person }: { readonly person: Person }) {
  return (
    <>
      <StatusBadge status={person.status} />
      {person.protected && <StatusBadge status="protected" label="Protected" tone="info" icon={IconShieldCheck} />}
      {person.archivedAt !== null && <StatusBadge status="archived" />}
    </>
  );
}
