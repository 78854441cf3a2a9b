const hour = 3_600_000;

/** A session that is not used for this long ends. */
export const idleMilliseconds = 8 * hour;

/** A session ends after this long, used or not. */
export const sessionMilliseconds = 7 * 24 * hour;

export function before(now: Date, milliseconds: number): Date {
  return new Date(now.getTime() - milliseconds);
}

export function after(now: Date, milliseconds: number): Date {
  return new Date(now.getTime() + milliseconds);
}
