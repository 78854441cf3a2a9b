import { queuedSchema } from "@rollcall/core/contract/destinations.ts";
import type { Command } from "commander";
import { apiPath } from "../../api/api-path.ts";
import { destinationId } from "../../api/find-by-name.ts";
import type { Session } from "../../session.ts";
import { counted } from "../../terminal/text.ts";
import { verb } from "../verb.ts";

type QueueVerb = {
  readonly name: string;
  readonly about: string;
  /** Of the call below the destination. */
  readonly call: "resynchronise" | "retry";
};

/** A verb that queues records of a destination; they are pushed by the server afterwards. */
export function addQueueVerb(destination: Command, session: Session, { name, about, call }: QueueVerb): void {
  verb(destination, `${name} <destination>`, about).action(async (typed: string) => {
    const api = await session.api();
    const id = await destinationId(api, typed);
    const queued = await api.call({ method: "POST", path: apiPath`/destinations/${id}/${call}` }, queuedSchema);
    session.out.result({ id, ...queued }, () => `${counted(queued.queued, "record")} queued.`);
    session.out.hint(`rollcall destination show ${id}    shows how it goes`);
  });
}
