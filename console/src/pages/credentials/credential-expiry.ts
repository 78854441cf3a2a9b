import type { Tone } from "../../ui/StatusBadge.tsx";

const dayLength = 24 * 3600 * 1000;
/** From here on people are warned by the server too. */
const warnDays = 30;

/** How an expiry date stands to today; null when there is none or it is far. */
export function judgeExpiry(
  expiresOn: string | null,
  now: number,
): { readonly label: string; readonly tone: Tone } | null {
  if (expiresOn === null) return null;
  const days = Math.ceil((Date.parse(`${expiresOn}T23:59:59Z`) - now) / dayLength) - 1;
  if (days < 0) return { label: "Expired", tone: "bad" };
  if (days === 0) return { label: "Expires today", tone: "bad" };
  if (days <= warnDays) return { label: `Expires in ${days} ${days === 1 ? "day" : "days"}`, tone: "warn" };
  return null;
}
