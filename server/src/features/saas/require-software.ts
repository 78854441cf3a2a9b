import type { Queryable } from "../../postgres/database.ts";
import { softwareNotFound } from "./change-software.ts";
import { findSoftwareFacts, type SoftwareFacts } from "./software-queries.ts";

/** @throws ProductError `software.not_found` */
export async function requireSoftware(on: Queryable, id: string): Promise<SoftwareFacts> {
  const facts = await findSoftwareFacts(on, id);
  if (facts === undefined) {
    throw softwareNotFound(id);
  }
  return facts;
}
