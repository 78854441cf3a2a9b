/** What the process ends with; scripts rely on these numbers. */
export const exitCodes = { done: 0, failed: 1, wrongUse: 2, needsReview: 3 } as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
