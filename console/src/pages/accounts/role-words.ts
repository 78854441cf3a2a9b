import type { accountRoles } from "@rollcall/core/contract/accounts.ts";

const words = {
  administrator: { label: "Administrator", help: "Everything, approving deactivations and accounts included." },
  "integration-manager": {
    label: "Integration manager",
    help: "Credentials, integrations, runs and people; no accounts, no approving, no settings.",
  },
  viewer: { label: "Viewer", help: "Sees everything but settings and the audit log; changes nothing." },
} as const satisfies Record<(typeof accountRoles)[number], { label: string; help: string }>;

/** What a role is called and what it may do. */
export function roleWords(role: string): { readonly label: string; readonly help: string } {
  return Object.hasOwn(words, role) ? words[role as keyof typeof words] : { label: role, help: "" };
}
