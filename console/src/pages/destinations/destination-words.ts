import type { Destination, DestinationDelivery } from "@rollcall/core/contract/destinations.ts";
import type { Tone } from "../../ui/StatusBadge.tsx";

/** What a destination's settings, states and deliveries are called. */

type Words = { readonly label: string; readonly help: string };

export const modeWords = {
  requests: { label: "One request for each person", help: "Over the public API of the instance. The usual choice." },
  bulk: {
    label: "In bulk (unverified)",
    help: "Up to 100 people with one request, over the protocol of Oomnitza's own connector. It is not documented and was never tried against a real instance: try it with an instance for tests first.",
  },
} as const satisfies Record<Destination["mode"], Words>;

export const syncKeyWords = {
  username: { label: "Username", help: "" },
  email: { label: "E-mail", help: "" },
} as const satisfies Record<Destination["syncKey"], Words>;

export const deliveryWords = {
  waiting: { label: "Waiting", tone: "info" },
  done: { label: "Done", tone: "good" },
  failed: { label: "Failed", tone: "bad" },
} as const satisfies Record<DestinationDelivery["state"], { readonly label: string; readonly tone: Tone }>;

/** What is said where nothing was done. */
export const nothingDone = {
  waiting: "nothing yet",
  done: "was in step already",
  failed: "nothing",
} as const satisfies Record<DestinationDelivery["state"], string>;

const actions: Readonly<Record<string, string>> = {
  created: "person created",
  updated: "person updated",
  suspended: "person suspended",
  resumed: "person resumed",
  assigned: "assigned to the application",
  "external-id": "id at the vendor set",
  role: "role set",
  activated: "SaaS user activated",
  deactivated: "SaaS user deactivated",
  none: "was in step already",
};

/** What was done in the instance; an action that this console does not know is shown as it came. */
export function actionsWords(done: readonly string[]): string {
  return done.map((action) => actions[action] ?? action).join(", ");
}

type State = { readonly tone: Tone; readonly label: string; readonly meaning: string };

/** How a destination is, in a word and a sentence. */
export function stateOf({ enabled, pushing, problem, deliveries, lastPush }: Destination): State {
  const { waiting = 0, failed = 0 } = deliveries;
  if (!enabled) return { tone: "idle", label: "Off", meaning: "Changes are queued and wait until it is switched on." };
  if (pushing) return { tone: "info", label: "Sending", meaning: "Changes are being sent." };
  if (problem !== null) return { tone: "bad", label: "Stopped", meaning: "The last push came to nothing." };
  if (failed > 0) return { tone: "warn", label: "Some failed", meaning: "The instance did not take some records." };
  if (waiting > 0) return { tone: "info", label: "Waiting", meaning: "Changes wait to be sent." };
  return lastPush === null
    ? { tone: "idle", label: "Nothing sent yet", meaning: "It begins with the next run of an integration it follows." }
    : { tone: "good", label: "In step", meaning: "Everything that was queued has been sent." };
}
