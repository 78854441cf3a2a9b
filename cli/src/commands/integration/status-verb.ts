import { integrationSchema } from "@rollcall/core/contract/integrations.ts";
import type { Command } from "commander";
import { apiPath } from "../../api/api-path.ts";
import { integrationId } from "../../api/find-by-name.ts";
import type { Session } from "../../session.ts";
import { instant } from "../../terminal/text.ts";
import { verb } from "../verb.ts";

type StatusVerb = { readonly verb: string; readonly about: string; readonly past: string };

/** A verb that moves an integration to another state. */
export function addStatusVerb(integration: Command, { api, out }: Session, words: StatusVerb): void {
  verb(integration, `${words.verb} <integration>`, words.about).action(async (typed: string) => {
    const server = await api();
    const path = apiPath`/integrations/${await integrationId(server, typed)}/${words.verb}`;
    const moved = await server.call({ method: "POST", path }, integrationSchema);
    out.result(moved, () => `${words.past} ${moved.name}: it is ${moved.status} now.`);
    if (moved.nextRunAt !== null) out.hint(`It runs next at ${instant(moved.nextRunAt)}.`);
    if (words.verb === "launch") out.hint(`rollcall run start ${moved.id} --wait    runs it now`);
  });
}
