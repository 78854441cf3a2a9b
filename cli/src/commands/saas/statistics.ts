import { saasStatisticsSchema } from "@rollcall/core/contract/saas.ts";
import type { Command } from "commander";
import { apiPath } from "../../api/api-path.ts";
import { softwareId } from "../../api/find-by-name.ts";
import type { Session } from "../../session.ts";
import { formatPairs } from "../../terminal/table.ts";
import { verb } from "../verb.ts";

export function addSaasStatistics(saas: Command, { api, out }: Session): void {
  verb(saas, "statistics <application>", "Counts an application's users by activity, seats and cost").action(
    async (typed: string) => {
      const server = await api();
      const path = apiPath`/saas/${await softwareId(server, typed)}/statistics`;
      const statistics = await server.call({ method: "GET", path }, saasStatisticsSchema);
      const { active, deactivated, activity, seats, monthlyCost } = statistics;
      const money = (amount: number | null) => (amount === null ? "" : `${amount} ${monthlyCost.currency ?? ""}`);
      out.result(statistics, () =>
        formatPairs([
          ["Active", active],
          ["Deactivated", deactivated],
          ["Active within 30 days", activity.within30Days],
          ["Idle 30 to 59 days", activity.idle30],
          ["Idle 60 to 89 days", activity.idle60],
          ["Idle 90 days or longer", activity.idle90],
          ["Activity unknown", activity.unknown],
          ["Seats bought", seats.bought],
          ["Seats used", seats.used],
          ["Seats free", seats.free],
          ["Monthly cost, used", money(monthlyCost.used)],
          ["Monthly cost, unused", money(monthlyCost.unused)],
        ]),
      );
    },
  );
}
