import { sqlState } from "./database-error.ts";

/**
 * unique_violation, serialization_failure, deadlock_detected (PostgreSQL manual, appendix A): somebody else wrote the same people
 * at the same moment and was first. What was planned is rolled back, and planned anew it meets what the other wrote.
 */
const lostRaces: ReadonlySet<string | undefined> = new Set(["23505", "40001", "40P01"]);
const maxAttempts = 10;

/** Does `work`, whose transaction is rolled back when it throws, again after a lost race; a fault that stays is thrown. */
export async function retryLostRace<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === maxAttempts || !lostRaces.has(sqlState(error))) throw error;
    }
  }
}
