import { softwareSchema } from "@rollcall/core/contract/saas.ts";
import type { Command } from "commander";
import { apiPath } from "../../api/api-path.ts";
import { softwareId } from "../../api/find-by-name.ts";
import type { Session } from "../../session.ts";
import { formatPairs } from "../../terminal/table.ts";
import { verb } from "../verb.ts";

export function addSaasShow(saas: Command, { api, out }: Session): void {
  verb(saas, "show <application>", "Shows an application (id or name)").action(async (typed: string) => {
    const server = await api();
    const path = apiPath`/saas/${await softwareId(server, typed)}`;
    const found = await server.call({ method: "GET", path }, softwareSchema);
    out.result(found, () =>
      formatPairs([
        ["Application", found.name],
        ["Id", found.id],
        ["Publisher", found.publisher],
        ["Category", found.category],
        ["Address", found.url],
        ["Active users", found.activeUsers],
        ["Deactivated users", found.deactivatedUsers],
        ["Seats", found.seats],
        ["Cost of a seat", found.seatCost === null ? "" : `${found.seatCost} ${found.currency ?? ""} a month`],
        ["Filled by", found.integrations.map(({ name }) => name).join(", ")],
      ]),
    );
  });
}
