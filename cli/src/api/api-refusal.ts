import type { Problem } from "@rollcall/core/contract/problem.ts";

/** The server's refusal of a call, with its problem document. */
export class ApiRefusal extends Error {
  override readonly name = "ApiRefusal";
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }
}
