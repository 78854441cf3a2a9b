import { type Person, personSchema } from "@rollcall/core/contract/people.ts";
import type { Command } from "commander";
import { apiPath } from "../../api/api-path.ts";
import { personId } from "../../api/find-by-name.ts";
import type { Session } from "../../session.ts";
import { formatPairs } from "../../terminal/table.ts";
import { instant, valueText } from "../../terminal/text.ts";
import { verb } from "../verb.ts";

export function addPeopleShow(people: Command, { api, out }: Session): void {
  verb(people, "show <person>", "Shows a person (id, username or e-mail)").action(async (typed: string) => {
    const server = await api();
    const path = apiPath`/people/${await personId(server, typed)}`;
    const person = await server.call({ method: "GET", path }, personSchema);
    out.result(person, () => describe(person));
    out.hint(`\nrollcall people why ${person.id}    says where each value comes from`);
  });
}

function describe(person: Person): string {
  const { status, statusReason, attributes, integrations } = person;
  return formatPairs([
    ["Username", person.username],
    ["Id", person.id],
    ["E-mail", person.email],
    ["Name", person.fullName],
    ["First name", person.firstName],
    ["Last name", person.lastName],
    ["Role", person.role],
    ["Locale", person.locale],
    ["Time zone", person.timeZone],
    ["Status", statusReason === null ? status : `${status} (${statusReason})`],
    ["Protected", person.protected ? "yes" : ""],
    ["Archived", instant(person.archivedAt)],
    ...Object.entries(attributes).map(([name, value]) => [name, value === null ? "" : valueText(value)] as const),
    ...integrations.map(
      ({ name, vendorKey, active }) =>
        ["Seen by", `${name} as ${vendorKey}${active ? "" : ", no longer active"}`] as const,
    ),
    ["Created", instant(person.createdAt)],
    ["Updated", instant(person.updatedAt)],
  ]);
}
