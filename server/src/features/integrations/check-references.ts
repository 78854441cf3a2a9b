import type { Manifest } from "@rollcall/core/connector/manifest.ts";
import type { IntegrationSettings } from "@rollcall/core/contract/integrations.ts";
import type { FieldProblem } from "@rollcall/core/errors.ts";
import type { Transaction } from "../../postgres/database.ts";
import { credentialKinds, localRefusal } from "./describe-connector.ts";
import { type LockedReferences, lockReferences } from "./reference-store.ts";

/** What is wrong with the records that settings refer to: absent, disabled, or of a kind the connector cannot use. */
export async function checkReferences(
  transaction: Transaction,
  manifest: Manifest,
  settings: IntegrationSettings,
  before: IntegrationSettings | null,
): Promise<readonly FieldProblem[]> {
  const found = await lockReferences(transaction, settings);
  return [
    ...credentialProblems(manifest, settings, found),
    ...softwareProblems(manifest, settings, found),
    ...installationProblems(manifest, settings, found),
    ...accountProblems(settings, before, found),
  ];
}

function credentialProblems(
  manifest: Manifest,
  { credentialId }: IntegrationSettings,
  { credentialKind }: LockedReferences,
): readonly FieldProblem[] {
  const pointer = "/credentialId";
  if (credentialId === null) {
    return [];
  }
  if (credentialKind === null) {
    return [{ pointer, message: "There is no credential with this id." }];
  }
  const kinds = credentialKinds(manifest);
  return kinds.has(credentialKind)
    ? []
    : [
        {
          pointer,
          message: `A credential of kind ${credentialKind} does not fit ${manifest.name}; it takes ${[...kinds].join(", ")}.`,
        },
      ];
}

function softwareProblems(
  manifest: Manifest,
  { mode, softwareId }: IntegrationSettings,
  { softwareExists }: LockedReferences,
): readonly FieldProblem[] {
  const pointer = "/softwareId";
  if (softwareId !== null) {
    return softwareExists ? [] : [{ pointer, message: "There is no SaaS record with this id." }];
  }
  return mode === "user-plus-saas" && manifest.catalog === null
    ? [
        {
          pointer,
          message: `${manifest.name} serves many applications, so choose the SaaS record that is to be filled.`,
        },
      ]
    : [];
}

function installationProblems(
  manifest: Manifest,
  { installation }: IntegrationSettings,
  { credentialKind }: LockedReferences,
): readonly FieldProblem[] {
  if (installation === "cloud") {
    return [];
  }
  // A credential of the connector's own kind may be of any of its authorization kinds; one that a runner can do is enough.
  const usable = manifest.authorization.filter(
    ({ kind }) => credentialKind === null || credentialKind === manifest.id || kind === credentialKind,
  );
  const refusals = usable.map(({ kind }) => localRefusal(kind));
  const [reason] = refusals;
  return reason === null || reason === undefined || refusals.includes(null)
    ? []
    : [{ pointer: "/installation", message: reason }];
}

/** An account that was disabled since it was chosen does not stand in the way of other changes. */
function accountProblems(
  { integrationUser, contacts }: IntegrationSettings,
  before: IntegrationSettings | null,
  { accounts }: LockedReferences,
): readonly FieldProblem[] {
  const problemOf = (id: string, chosenBefore: boolean): string | undefined => {
    const status = accounts.get(id);
    if (status === undefined) {
      return "There is no account with this id.";
    }
    return status === "disabled" && !chosenBefore ? "The account is disabled; choose another or enable it." : undefined;
  };
  const user =
    integrationUser === null ? undefined : problemOf(integrationUser, before?.integrationUser === integrationUser);
  return [
    ...(user === undefined ? [] : [{ pointer: "/integrationUser", message: user }]),
    ...contacts.flatMap((id, index) => {
      const message = problemOf(id, before?.contacts.includes(id) ?? false);
      return message === undefined ? [] : [{ pointer: `/contacts/${index}`, message }];
    }),
  ];
}
