/** Whether the text is a uuid that PostgreSQL reads; an id from outside that is none belongs to nothing. */
export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}

const largestBigint = 9_223_372_036_854_775_807n;

/** Whether the text is a positive `bigint` as PostgreSQL prints it, such as an identity key. */
export function isBigint(text: string): boolean {
  return /^(?:0|[1-9]\d{0,18})$/.test(text) && BigInt(text) <= largestBigint;
}
