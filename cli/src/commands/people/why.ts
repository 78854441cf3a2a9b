import { whySchema } from "@rollcall/core/contract/people.ts";
import type { Command } from "commander";
import { apiPath } from "../../api/api-path.ts";
import { personId } from "../../api/find-by-name.ts";
import type { Session } from "../../session.ts";
import { formatTable } from "../../terminal/table.ts";
import { instant, printable, valueText } from "../../terminal/text.ts";
import { verb } from "../verb.ts";

export function addPeopleWhy(people: Command, { api, out }: Session): void {
  verb(people, "why <person>", "Says where each value of a person comes from, and why the status is what it is").action(
    async (typed: string) => {
      const server = await api();
      const path = apiPath`/people/${await personId(server, typed)}/why`;
      const why = await server.call({ method: "GET", path }, whySchema);
      out.result(why, () => {
        const { status, values } = why;
        const heading = `${status.value}: ${printable(status.explanation)}`;
        if (values.length === 0) return heading;
        const table = formatTable(
          out,
          [
            { title: "field", value: ({ field }) => field },
            { title: "value", value: ({ value }) => valueText(value) },
            { title: "from", value: ({ source }) => source },
            { title: "by", value: ({ integrationName, actor }) => integrationName ?? actor },
            { title: "at", value: ({ at }) => instant(at) },
          ],
          values,
        );
        return `${heading}\n\n${table}`;
      });
    },
  );
}
