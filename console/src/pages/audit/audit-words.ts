import type { AuditEvent } from "@rollcall/core/contract/access.ts";
import { paths } from "../../paths.ts";

/** What the audit log's entries are about, in the order of the filter. */
const targets = {
  integration: "Integration",
  run: "Run",
  person: "Person",
  saas_user: "SaaS user",
  software: "SaaS application",
  field: "Inventory field",
  dispute: "Dispute",
  credential: "Credential",
  destination: "Destination",
  runner: "Local runner",
  account: "Account",
  session: "Session",
  api_token: "API token",
  notification: "Notifications",
  webhook: "Webhook",
} as const satisfies Readonly<Record<string, string>>;

export const targetOptions = Object.entries(targets).map(([value, label]) => ({ value, label }));

const verbs: Readonly<Record<string, string>> = {
  accept_invitation: "invitation accepted",
  answer: "answered",
  approve: "approved",
  archive: "archived",
  cancel: "cancelled",
  change_password: "password changed",
  create: "added",
  delete: "deleted",
  enroll: "enrolled",
  invite: "invited",
  launch: "launched",
  pause: "paused",
  preferences: "preferences changed",
  reject: "rejected",
  resend: "sent again",
  restore: "revision restored",
  resume: "resumed",
  resynchronise: "re-synchronised",
  retry: "tried again",
  revoke: "revoked",
  rotate_key: "encryption key changed",
  rotate_secret: "secret changed",
  sign_in: "signed in",
  sign_in_failed: "sign-in failed",
  sign_out: "signed out",
  start: "started",
  test: "connection tested",
  undo: "undone",
  update: "changed",
};

/** `credential.update` as words; an action that this console does not know is shown as it came. */
export function actionWords(action: string): string {
  const own = ownWords[action];
  if (own !== undefined) return own;
  const [noun = "", verb = ""] = action.split(".");
  const words = verbs[verb];
  return words === undefined ? action : `${targetWords(noun)} ${words}`;
}

/** Entries without an actor are the product's own: its first start, a sign-in that named nobody. */
export function actorWords({ actorId, actorName }: Pick<AuditEvent, "actorId" | "actorName">): string {
  return actorName ?? (actorId === null ? "Rollcall itself" : "an account that is gone");
}

export function targetWords(target: string): string {
  return Object.hasOwn(targets, target) ? targets[target as keyof typeof targets] : target;
}

/** Where what an entry is about is shown; null when it has no page of its own. */
export function targetHref(target: string, id: string | null): string | null {
  if (id === null) return null;
  switch (target) {
    case "integration":
      return paths.integration(id);
    case "run":
      return paths.run(id);
    case "person":
      return paths.person(id);
    case "software":
      return paths.saasApplication(id);
    case "credential":
      return paths.credential(id);
    case "destination":
      return paths.destination(id);
    default:
      return null;
  }
}

const ownWords: Readonly<Record<string, string>> = {
  "account.start": "First administrator made",
  "session.sign_in": "Signed in",
  "session.sign_in_failed": "Sign-in failed",
  "session.sign_out": "Signed out",
  "session.revoke": "Signed out elsewhere",
  "notification.preferences": "Notification preferences changed",
};
