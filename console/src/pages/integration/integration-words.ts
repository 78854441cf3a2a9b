import type { Integration } from "@rollcall/core/contract/integrations.ts";

/** What the choices on an integration are called and what they do. */

export const modeWords = {
  "user-only": { label: "User only", help: "People records." },
  "user-plus-saas": {
    label: "User plus SaaS user",
    help: "People records, and rows in the application's Users tab.",
  },
} as const satisfies Record<Integration["mode"], Words>;

export const preferenceWords = {
  "create-update": { label: "Create & Update", help: "New people are added, known ones are kept up to date." },
  "create-only": { label: "Create only", help: "New people are added, known ones stay as they are." },
  "update-only": { label: "Update only", help: "Known people are kept up to date, nobody is added." },
} as const satisfies Record<Integration["preference"], Words>;

export const installationWords = {
  cloud: { label: "Cloud", help: "This server holds the credential and does the work." },
  local: { label: "Local", help: "A runner on your own machine holds the credential and reads the vendor." },
} as const satisfies Record<Integration["installation"], Words>;

export const personDeactivationWords = {
  "when-unseen": {
    label: "Also the person, when no other integration still sees them as active",
    help: "Somebody who is still active elsewhere stays active.",
  },
  never: { label: "Never the person", help: "Only the row in the application's Users tab." },
} as const satisfies Record<Integration["personDeactivation"], Words>;

export type Words = { readonly label: string; readonly help: string };

/** How the SaaS record of an integration was come by, as a sentence. */
export function softwareOutcomeWords(outcome: Integration["softwareOutcome"], name: string): string {
  switch (outcome) {
    case "chosen":
      return `You chose ${name}.`;
    case "found":
      return `${name} was found by its entry in the software catalog and linked.`;
    case "created":
      return `There was no SaaS record for it, so ${name} was created from the software catalog and linked.`;
    case null:
      return `Linked with ${name}.`;
  }
}

/** What an integration's deactivation setting means, as a sentence. */
export function deactivationWords({ deactivate, personDeactivation, mode }: Integration): string {
  if (!deactivate) return "Off: no status ever changes.";
  const person = personDeactivation === "never" ? "" : " and the person, when nothing else still sees them as active";
  return mode === "user-only"
    ? "On: who is gone at the vendor is deactivated, when nothing else still sees them as active."
    : `On: who is gone at the vendor is deactivated: the SaaS user${person}.`;
}
