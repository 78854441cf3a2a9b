import { type FieldProblem, ProductError } from "@rollcall/core/errors.ts";

/** @throws ProductError `request.invalid` when there are problems */
export function refuseProblems(problems: readonly FieldProblem[]): void {
  if (problems.length > 0) {
    throw problemsError(problems);
  }
}

/** A `request.invalid` of at least one problem. */
export function problemsError(problems: readonly FieldProblem[]): ProductError {
  const [first] = problems;
  const others = problems.length <= 1 ? "" : ` ${problems.length - 1} more in errors.`;
  return new ProductError("request.invalid", `${first?.pointer ?? ""}: ${first?.message ?? ""}${others}`, { problems });
}

/** The same problems one level deeper. */
export function under(pointer: string, problems: readonly FieldProblem[]): readonly FieldProblem[] {
  return problems.map((problem) => ({ ...problem, pointer: `${pointer}${problem.pointer}` }));
}
