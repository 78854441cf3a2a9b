import type { CreateCredential } from "@rollcall/core/contract/credentials.ts";
import { ProductError } from "@rollcall/core/errors.ts";
import { suggestNames } from "@rollcall/core/mapping/nearest-names.ts";
import type { AppParts } from "../../http/app-parts.ts";
import type { Transaction } from "../../postgres/database.ts";
import { inTransaction } from "../../postgres/transaction.ts";
import { findAccount } from "../access/access-queries.ts";
import type { Actor } from "../access/find-actor.ts";
import { recordAudit } from "../audit/audit-store.ts";
import { checkValues } from "./check-values.ts";
import { type CredentialForm, credentialForms, credentialKinds } from "./credential-forms.ts";
import { insertCredential, newCredentialId } from "./credential-store.ts";
import { sealValues } from "./seal-values.ts";

type Parts = Pick<AppParts, "database" | "vault" | "connectors">;

/**
 * Seals the values and stores them; returns the new id.
 *
 * @throws ProductError `request.invalid` for an unknown kind or values that do not fit it, `credential.name_taken`
 */
export async function createCredential(
  { database, vault, connectors }: Parts,
  actor: Actor,
  { name, kind, values, ownerId = actor.accountId, expiresOn = null }: CreateCredential,
): Promise<string> {
  const forms = formsOf(connectors, kind);
  refuseProblems(checkValues(forms, values));
  return await inTransaction(database, async (transaction) => {
    await refuseUnknownOwner(transaction, ownerId);
    const id = await newCredentialId(transaction);
    const sealed = await sealValues(vault, id, forms, values);
    if (!(await insertCredential(transaction, id, { name, kind, ...sealed, ownerId, expiresOn }))) {
      throw nameTaken(name);
    }
    await recordAudit(transaction, {
      actorId: actor.accountId,
      action: "credential.create",
      target: "credential",
      targetId: id,
      details: { name, kind, values: Object.keys(values) },
    });
    return id;
  });
}

/** @throws ProductError `request.invalid` listing the kinds there are */
export function formsOf(
  connectors: AppParts["connectors"],
  kind: string,
): readonly [CredentialForm, ...CredentialForm[]] {
  const [first, ...others] = credentialForms(kind, connectors.get(kind));
  if (first === undefined) {
    const kinds = credentialKinds(connectors.list());
    const sentence = `must be one of ${kinds.join(", ")}. ${suggestNames(kind, kinds)}`;
    throw new ProductError("request.invalid", `There is no kind of credential of that name; it ${sentence}`, {
      problems: [{ pointer: "/kind", message: sentence }],
    });
  }
  return [first, ...others];
}

/** @throws ProductError `request.invalid` when there are problems */
export function refuseProblems(problems: ReturnType<typeof checkValues>): void {
  const [first] = problems;
  if (first !== undefined) {
    throw new ProductError("request.invalid", `The field ${first.pointer} ${first.message}.`, { problems });
  }
}

/** @throws ProductError `request.invalid` */
export async function refuseUnknownOwner(transaction: Transaction, ownerId: string | null | undefined): Promise<void> {
  const isKnown = ownerId === null || ownerId === undefined || (await findAccount(transaction, ownerId)) !== undefined;
  if (!isKnown) {
    refuseProblems([{ pointer: "/ownerId", message: "must be the id of an account" }]);
  }
}

export function nameTaken(name: string): ProductError {
  return new ProductError("credential.name_taken", `Another credential is called "${name}". Choose another name.`, {
    problems: [{ pointer: "/name", message: "belongs to another credential" }],
  });
}
