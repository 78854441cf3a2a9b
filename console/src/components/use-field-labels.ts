import { useQuery } from "@tanstack/react-query";
import { useCallback } from "react";
import { inventoryFieldsOptions } from "../api/inventory-fields.ts";

/** The label of a field as changes name it: `fullName`, `saas.role`; a field that is gone keeps its name. */
export function useFieldLabels(): (field: string) => string {
  const { data } = useQuery(inventoryFieldsOptions());
  return useCallback(
    (field) => {
      const entity = field.startsWith("saas.") ? "saas-user" : "person";
      const name = field.replace(/^saas\./, "");
      const label =
        data?.data.find((each) => each.entity === entity && each.name === name)?.label ?? ownLabels[name] ?? name;
      return entity === "saas-user" ? `${label} (application)` : label;
    },
    [data],
  );
}

/** What is no inventory field but changes like one. */
const ownLabels: Readonly<Record<string, string>> = {
  status: "Status",
  externalId: "Id at the vendor",
  protected: "Protected",
  archived: "Archived",
};
