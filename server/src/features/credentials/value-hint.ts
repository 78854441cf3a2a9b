const shownCharacters = 4;
const shortestWithHint = 8;

/** What may be shown of a value: all of one that is not secret, else its last four characters unless it is short. */
export function valueHint(value: string, secret: boolean): string {
  if (!secret) {
    return value;
  }
  return value.length >= shortestWithHint ? `•••• ${value.slice(-shownCharacters)}` : "••••";
}
