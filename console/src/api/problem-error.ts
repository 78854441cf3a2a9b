import type { Problem } from "@rollcall/core/contract/problem.ts";

/** An answer of the API that is a problem document (RFC 9457), or a request that never got one. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

export function isNotFound(error: unknown): boolean {
  return error instanceof ProblemError && error.problem.status === 404;
}

export function isForbidden(error: unknown): boolean {
  return error instanceof ProblemError && error.problem.status === 403;
}

/** Whether it is the problem with this code. */
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof ProblemError && error.problem.code === code;
}

/** Any error as a problem that can be shown: what happened, and the next step. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  return localProblem("console.failed", "Something went wrong in the console.", "Load the page again.");
}

/** A problem that the console itself found; there is no request to look up. */
export function localProblem(code: string, detail: string, nextStep: string): Problem {
  return { type: "about:blank", title: detail, status: 0, code, detail, nextStep, requestId: "", errors: [] };
}
