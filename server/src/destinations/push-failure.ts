import { ProductError } from "@rollcall/core/errors.ts";

/** What became of one record. */
export type RecordOutcome =
  | { readonly kind: "done"; readonly actions: readonly string[] }
  | {
      readonly kind: "failed" | "postponed";
      readonly actions: readonly string[];
      readonly code: string;
      readonly problem: string;
    };

/** An error of one record's request, as its outcome. What concerns the instance as a whole goes on as an error. */
export function outcomeOfError(error: unknown, actions: readonly string[] = []): RecordOutcome {
  if (!(error instanceof ProductError)) throw error;
  switch (error.code) {
    case "vendor.bad_request":
      return { kind: "failed", actions, code: "destination.refused", problem: refusalText(error) };
    case "vendor.not_found":
      return {
        kind: "postponed",
        actions,
        code: "destination.unsettled",
        problem: "The record is gone in the instance; the next push looks again.",
      };
    case "vendor.unavailable":
    case "vendor.unreachable":
    case "vendor.rate_limited":
    case "vendor.bad_response":
    case "vendor.response_too_large":
    case "destination.unsettled":
      return { kind: "postponed", actions, code: error.code, problem: error.message };
    default:
      throw error;
  }
}

/** An element of an answer that is partly a success. */
export function refusedElement(error: string, actions: readonly string[]): RecordOutcome {
  return { kind: "failed", actions, code: "destination.refused", problem: `The instance refused it: ${error}` };
}

function refusalText({ details }: ProductError): string {
  const { status, vendorMessage, vendorName } = details;
  const words = vendorMessage ?? vendorName;
  return `The instance refused it with ${String(status)}${words === undefined ? " and gives no reason" : `: ${String(words)}`}.`;
}

/**
 * Counts what fails in a row for a reason that may be the instance's. After so many, going on with thousands of others would only
 * take hours to find out the same.
 */
export function openBreaker(limit = 8): { readonly note: (outcome: RecordOutcome) => void } {
  let inARow = 0;
  return {
    note: (outcome) => {
      inARow = outcome.kind === "postponed" && outcome.code.startsWith("vendor.") ? inARow + 1 : 0;
      if (inARow >= limit && outcome.kind === "postponed") {
        throw new ProductError(
          "destination.failing",
          `${limit} requests in a row failed. The last one: ${outcome.problem}`,
        );
      }
    },
  };
}
