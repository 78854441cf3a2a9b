/** An amount in its currency; the plain number when the currency is not known. */
export function formatMoney(amount: number, currency: string | null): string {
  if (currency === null) return amount.toLocaleString("en-GB", { maximumFractionDigits: 2 });
  try {
    return amount.toLocaleString("en-GB", { style: "currency", currency, maximumFractionDigits: 2 });
  } catch {
    // Three letters that are no currency of ISO 4217.
    return `${amount.toLocaleString("en-GB", { maximumFractionDigits: 2 })} ${currency}`;
  }
}
