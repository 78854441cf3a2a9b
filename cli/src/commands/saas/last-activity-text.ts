import type { SaasUser } from "@rollcall/core/contract/saas.ts";
import { instant } from "../../terminal/text.ts";

/** Unknown is not the same as never: a vendor that does not tell says nothing about idleness. */
export function lastActivityText({ known, at }: SaasUser["lastActivity"]): string {
  if (!known) return "unknown";
  return at === null ? "never" : instant(at);
}
