/**
 * SQL for a value that the planner is not to look up in its statistics, so that it expects as many rows as an average value has.
 *
 * What a run has just written under a new id is in no statistics yet, and the planner expects no row of it at all. Two such sets joined
 * by anything else are then compared row by row, each with each: for 100,000 users that takes hours.
 */
export function unknownValue(expression: string): string {
  return `(select ${expression})`;
}
