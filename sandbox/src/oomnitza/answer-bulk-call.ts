import type { Answer } from "../http/answer.ts";
import { bulkRunOf, describeBulkRun } from "./bulk-run.ts";
import { firstHalf } from "./first-half.ts";
import { json, members, type OomnitzaRequest, refusal } from "./oomnitza-request.ts";
import { personFields } from "./person-fields.ts";

/** The largest portion the connector sends. */
const maxRecords = 100;

/** The connector's bulk protocol and the run logs; undefined when the call is another. */
export function answerBulkCall(request: OomnitzaRequest): Answer | undefined {
  const { state, call, parameters, body } = request;
  const [id = ""] = call.ids;
  switch (call.name) {
    case "mappings":
      return parameters.get("name") === "AuthTest" ? json(200, {}) : json(200, mapping());
    case "check-managed":
      return json(200, state.configurations);
    case "bulk":
      return upload(request);
    case "bulk-state": {
      const run = state.bulkRuns.get(id);
      return run === undefined ? refusal(404, "There is no such portion.") : json(200, { canceled: run.isCanceled });
    }
    case "bulk-finalize": {
      const run = state.bulkRuns.get(id);
      if (run === undefined) return refusal(404, "There is no such portion.");
      run.finalizedAt ??= state.now();
      return json(200, {});
    }
    case "bulk-ready-portion": {
      const { correlation_id, error_message, is_empty_run } = members(body);
      const run = bulkRunOf(state, String(correlation_id), id);
      if (is_empty_run !== true) run.fatal = String(error_message ?? "");
      run.finalizedAt = state.now();
      return json(200, {});
    }
    case "run-logs":
      return json(200, [...state.bulkRuns.values()].filter(({ connector }) => connector === id).map(describeBulkRun));
    case "run-log": {
      const run = state.bulkRuns.get(id);
      return run === undefined ? refusal(404, "There is no such run.") : json(200, describeBulkRun(run));
    }
    default:
      return undefined;
  }
}

/** The body of an answer is ignored by the connector, so nothing is known of it. */
function upload({ state, body, faults }: OomnitzaRequest): Answer {
  const document = members(body);
  const { portion, records, insert_only, update_only } = document;
  if (typeof portion !== "string" || !Array.isArray(records)) return refusal(400, "portion and records are mandatory.");
  if (records.length > maxRecords) return refusal(400, `A portion has at most ${maxRecords} records.`);
  if (insert_only === true && update_only === true)
    return refusal(400, "insert_only and update_only exclude each other.");
  const run = bulkRunOf(state, portion, String(document.connector_id ?? document.connector_name ?? ""));
  if (run.finalizedAt !== null) return refusal(400, "The portion is finalized.");
  run.waiting.push({ at: state.now(), document: { ...document, records: [...firstHalf(records, faults)] } });
  return json(200, {});
}

function mapping() {
  return Object.fromEntries(
    personFields
      .filter(({ editable }) => editable)
      .map(({ internalId, uid }) => [internalId, { type: "attribute", value: uid }]),
  );
}
