import { Drawer } from "@mantine/core";
import type { CatalogEntry } from "@rollcall/core/contract/catalog.ts";
import { IconBooks } from "@tabler/icons-react";
import { useState } from "react";
import { catalogOptions } from "../../api/saas.ts";
import { EmptyState } from "../../components/EmptyState.tsx";
import { PageHeader } from "../../components/PageHeader.tsx";
import type { Column } from "../../table/column.ts";
import { DataTable } from "../../table/DataTable.tsx";
import { Nothing } from "../../ui/Nothing.tsx";
import { CatalogEntryDetail } from "./CatalogEntryDetail.tsx";

/** The vendor applications that Rollcall knows, and which of yours they are. */
export function CatalogPage() {
  const [openedId, setOpenedId] = useState<string>();
  return (
    <>
      <PageHeader
        title="Software catalog"
        description="Vendor applications that Rollcall knows. Each can be linked to applications of yours."
      />
      <DataTable
        id="catalog"
        label="entries"
        one="entry"
        columns={columns}
        options={catalogOptions}
        rowKey={({ id }) => id}
        onOpen={({ id }) => setOpenedId(id)}
        searchLabel="Search by name or publisher"
        empty={
          <EmptyState icon={IconBooks} title="The catalog is empty">
            Each connector brings the entry of its application.
          </EmptyState>
        }
      />
      <Drawer
        opened={openedId !== undefined}
        onClose={() => setOpenedId(undefined)}
        position="right"
        title="Entry of the catalog"
      >
        {openedId !== undefined && <CatalogEntryDetail id={openedId} />}
      </Drawer>
    </>
  );
}

const columns: readonly Column<CatalogEntry>[] = [
  { id: "name", header: "Name", sort: "name", width: 200, grow: 2, cell: ({ name }) => name },
  {
    id: "publisher",
    header: "Publisher",
    sort: "publisher",
    width: 140,
    cell: ({ publisher }) => publisher || <Nothing />,
  },
  { id: "category", header: "Category", sort: "category", width: 190, cell: ({ category }) => category || <Nothing /> },
  {
    id: "software",
    header: "Your applications",
    width: 200,
    grow: 2,
    cell: ({ software }) =>
      software.length === 0 ? <span className="quiet">none linked</span> : software.map(({ name }) => name).join(", "),
  },
  { id: "url", header: "Address", width: 240, cell: ({ url }) => url || <Nothing /> },
];
