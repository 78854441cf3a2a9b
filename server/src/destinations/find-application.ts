import { idOf, membersOf } from "@rollcall/core/destination/read-answers.ts";
import { ProductError } from "@rollcall/core/errors.ts";
import { comparable } from "@rollcall/core/reconcile/comparable.ts";
import { saveApplicationId } from "../features/destinations/push-store.ts";
import { type PushContext, waitBeforeAgain, write } from "./push-context.ts";
import { type RemoteRow, readList } from "./read-list.ts";

/**
 * The id of the SaaS application with this name, which is made when there is none, and remembered.
 *
 * @throws ProductError `destination.ambiguous`, `destination.unsettled`, `vendor.…`
 */
export async function findApplication(context: PushContext, name: string): Promise<string> {
  const id = (await findByName(context, name)) ?? (await create(context, name));
  await saveApplicationId(context.parts.database, context.leased.id, name, id);
  return id;
}

async function findByName({ oomnitza }: PushContext, name: string): Promise<string | undefined> {
  const ids: string[] = [];
  const { complete } = await readList(oomnitza, {
    kind: "read-applications",
    path: "/saas",
    idOfRow: applicationId,
    onRow: (row) => {
      const id = applicationId(row);
      if (id !== undefined && comparable(String(row.saas_name ?? "")) === comparable(name)) ids.push(id);
    },
  });
  const [id, ...others] = ids;
  if (others.length > 0) {
    throw new ProductError(
      "destination.ambiguous",
      `The instance has ${ids.length} SaaS applications called "${name}". Give the destination the id of one.`,
    );
  }
  if (id === undefined && !complete) {
    throw new ProductError("destination.unsettled", "The instance's list of SaaS applications was not complete.");
  }
  return id;
}

async function create(context: PushContext, name: string): Promise<string> {
  try {
    const body = { saas_name: name };
    const answer = await write(context, {
      kind: "create-application",
      method: "POST",
      path: "/saas",
      body,
      idempotent: "unless-processed",
    });
    const id = applicationId(membersOf(answer));
    if (id !== undefined) return id;
  } catch (error) {
    const isDoubtful =
      error instanceof ProductError && /^vendor\.(unavailable|unreachable|bad_response)$/.test(error.code);
    if (!isDoubtful) throw error;
  }
  // Whether it was made is not known: it is looked for, and not sent again before the next push.
  await waitBeforeAgain(context, 1);
  const found = await findByName(context, name);
  if (found !== undefined) return found;
  throw new ProductError("destination.unsettled", `It is not known whether the SaaS application "${name}" was made.`);
}

/** The specification's list does not show the id's name; the answers of other calls say `saas_id`. */
function applicationId(row: RemoteRow): string | undefined {
  return idOf(row.saas_id) ?? idOf(row.id) ?? idOf(row.uid);
}
