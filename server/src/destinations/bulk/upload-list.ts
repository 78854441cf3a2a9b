import { randomUUID } from "node:crypto";
import type { RemoteRecord } from "@rollcall/core/destination/outgoing-value.ts";
import { inChunks } from "@rollcall/core/destination/plan-saas-users.ts";
import { membersOf } from "@rollcall/core/destination/read-answers.ts";
import { ProductError } from "@rollcall/core/errors.ts";
import { type PushContext, write } from "../push-context.ts";

/** The most that Oomnitza's connector sends with one request (oomnitza-api.md §7). */
const chunkSize = 100;

/** The version of the connector whose form the uploads have (oomnitza-api.md §7). */
const formVersion = "2026.08.1";

type Upload = {
  /** Digits: an integration's number; else a basic connector's name. */
  readonly connector: string;
  /** The internal id of the field by which the instance finds a person. */
  readonly syncField: string;
  readonly records: readonly RemoteRecord[];
};

/**
 * Uploads a whole list and then, and only then, says that it is whole. An upload that is cut off, by an error or a killed worker, is never
 * finalised and never gone on with; the next push begins another. Returns the id under which the outcome is told.
 *
 * One request after the other: what the instance does with several at once is not known. Each sets values and finds people by their key, so
 * that a repeated one does no harm; the connector repeats them as well.
 *
 * @throws ProductError `destination.bulk_unusable`, `destination.bulk_failed` when somebody cancelled it there, `vendor.…`
 */
export async function uploadList(context: PushContext, { connector, syncField, records }: Upload): Promise<string> {
  const portion = randomUUID();
  const sender = /^\d+$/.test(connector) ? { connector_id: Number(connector) } : { connector_name: connector };
  for (const chunk of inChunks(records, chunkSize)) {
    const body = {
      connector_version: formVersion,
      ...sender,
      portion,
      data_type: "users",
      sync_field: [syncField],
      insert_only: false,
      update_only: false,
      test_run: false,
      multi_str_input_value: null,
      error: null,
      records: chunk,
    };
    await unlessRefused(() =>
      write(context, { kind: "bulk-upload", method: "POST", path: "/bulk", body, idempotent: true }),
    );
  }
  const { body: state } = await unlessRefused(() =>
    context.oomnitza.ask({ kind: "bulk-state", method: "GET", path: `/bulk/${portion}` }),
  );
  if (membersOf(state).canceled === true) {
    throw new ProductError("destination.bulk_failed", "Somebody cancelled the upload in the instance.");
  }
  const path = `/bulk/${portion}/finalize`;
  await unlessRefused(() =>
    write(context, { kind: "bulk-finalize", method: "POST", path, body: {}, idempotent: true }),
  );
  return portion;
}

/** A refusal is one of the protocol, not of a record: records are looked at after they were taken. */
async function unlessRefused<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof ProductError && (cause.code === "vendor.bad_request" || cause.code === "vendor.not_found")) {
      throw new ProductError("destination.bulk_unusable", `The instance refused the bulk upload. ${cause.message}`, {
        cause,
      });
    }
    throw cause;
  }
}
