import { setTimeout as sleep } from "node:timers/promises";
import { sqlState } from "./database-error.ts";

/**
 * unique_violation, foreign_key_violation, serialization_failure, deadlock_detected (PostgreSQL manual, appendix A): somebody else wrote
 * the same people at the same moment, or deleted what these rows name, and was first. What was planned is rolled back, and planned anew it meets what the other wrote.
 */
const lostRaces: ReadonlySet<string | undefined> = new Set(["23503", "23505", "40001", "40P01"]);
const maxAttempts = 10;
/** Milliseconds, for each attempt so far. */
const longestPause = 50;

/**
 * Does `work`, whose transaction is rolled back when it throws, again after a lost race, and tells it that it lost one; a fault that
 * stays is thrown.
 */
export async function retryLostRace<Result>(work: (lost: boolean) => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work(attempt > 1);
    } catch (error) {
      if (attempt === maxAttempts || !lostRaces.has(sqlState(error))) throw error;
      // Those who lost to each other are not to meet again at once.
      await sleep(Math.random() * attempt * longestPause);
    }
  }
}
