import type { Software } from "@rollcall/core/contract/saas.ts";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { softwareItemOptions } from "../../api/saas.ts";
import { ErrorState } from "../../components/ErrorState.tsx";
import { LoadingCards } from "../../components/LoadingTable.tsx";
import { PageHeader } from "../../components/PageHeader.tsx";
import { PageTabs } from "../../components/PageTabs.tsx";
import { paths } from "../../paths.ts";
import { formatNumber } from "../../ui/format-time.ts";
import { ApplicationInformation } from "./ApplicationInformation.tsx";
import { ApplicationStatistics } from "./ApplicationStatistics.tsx";
import { ApplicationUsers } from "./ApplicationUsers.tsx";
import { RemovalList } from "./RemovalList.tsx";

/** One application: its users, how much it is used, whose seats could be given up, and what is known of it. */
export function ApplicationPage() {
  const { id = "" } = useParams({ strict: false });
  const software = useQuery(softwareItemOptions(id));
  if (software.isPending) return <LoadingCards />;
  if (software.isError && software.data === undefined) {
    return (
      <>
        <PageHeader title="Application" crumbs={[{ label: "SaaS", to: paths.saas() }]} />
        <ErrorState error={software.error} onRetry={() => void software.refetch()} />
      </>
    );
  }
  return <ApplicationView key={id} software={software.data} />;
}

function ApplicationView({ software }: { readonly software: Software }) {
  const { id, name, publisher, category, activeUsers } = software;
  return (
    <>
      <PageHeader
        title={name}
        crumbs={[{ label: "SaaS", to: paths.saas() }]}
        description={[publisher, category, `${formatNumber(activeUsers)} active users`]
          .filter((part) => part !== "")
          .join(" · ")}
      />
      <PageTabs
        label={`About ${name}`}
        hrefOf={(tab) => paths.saasApplication(id, tab)}
        tabs={[
          { id: "users", label: "Users", panel: <ApplicationUsers software={software} /> },
          { id: "statistics", label: "Statistics", panel: <ApplicationStatistics software={software} /> },
          { id: "removal", label: "Removal list", panel: <RemovalList software={software} /> },
          { id: "information", label: "Information", panel: <ApplicationInformation software={software} /> },
        ]}
      />
    </>
  );
}
