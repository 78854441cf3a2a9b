import type { Account, CreateAccount } from "@rollcall/core/contract/accounts.ts";
import { ProductError } from "@rollcall/core/errors.ts";
import type { Database, Transaction } from "../../postgres/database.ts";
import { inTransaction } from "../../postgres/transaction.ts";
import { recordAudit } from "../audit/audit-store.ts";
import { findAccount } from "./access-queries.ts";
import { insertAccount, lockAdministrators, updateAccount } from "./access-store.ts";
import type { Actor } from "./find-actor.ts";
import { deleteSessionsOf } from "./session-store.ts";

/** @throws ProductError `account.email_taken` */
export async function createAccount(transaction: Transaction, actor: Actor, account: CreateAccount): Promise<Account> {
  const id = await insertAccount(transaction, { ...account, kind: "person" });
  if (id === undefined) {
    throw new ProductError("account.email_taken", `Another account has the e-mail address ${account.email}.`, {
      problems: [{ pointer: "/email", message: "belongs to another account" }],
    });
  }
  await recordAudit(transaction, {
    actorId: actor.accountId,
    action: "account.create",
    target: "account",
    targetId: id,
    details: { name: account.name, role: account.role },
  });
  return await existing(transaction, id);
}

type AccountChange = Parameters<typeof updateAccount>[2];

/** @throws ProductError `account.not_found`, `account.last_administrator` */
export async function changeAccount(
  database: Database,
  actor: Actor,
  id: string,
  change: AccountChange,
): Promise<Account> {
  return await inTransaction(database, async (transaction) => {
    const administrators = await lockAdministrators(transaction);
    const before = await existing(transaction, id);
    const after = { role: change.role ?? before.role, status: change.status ?? before.status };
    if (isAdministrator(before) && !isAdministrator(after) && administrators <= 1) {
      throw new ProductError(
        "account.last_administrator",
        `${before.name} is the last active administrator. Make another account an administrator first.`,
      );
    }
    await updateAccount(transaction, id, change);
    if (after.status === "disabled") {
      await deleteSessionsOf(transaction, id);
    }
    await recordAudit(transaction, {
      actorId: actor.accountId,
      action: "account.update",
      target: "account",
      targetId: id,
      details: { ...change },
    });
    return await existing(transaction, id);
  });
}

function isAdministrator({ role, status }: Pick<Account, "role" | "status">): boolean {
  return role === "administrator" && status === "active";
}

async function existing(on: Parameters<typeof findAccount>[0], id: string): Promise<Account> {
  const account = await findAccount(on, id);
  if (account === undefined) {
    throw new ProductError("account.not_found", `There is no account ${id}.`);
  }
  return account;
}
