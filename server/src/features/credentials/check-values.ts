import type { FieldProblem } from "@rollcall/core/errors.ts";
import { suggestNames } from "@rollcall/core/mapping/nearest-names.ts";
import type { CredentialForm } from "./credential-forms.ts";

/**
 * What is wrong with the values of a credential, judged by the form that fits them best. `kept` are names of values that are
 * there already. A value is never repeated.
 */
export function checkValues(
  forms: readonly [CredentialForm, ...CredentialForm[]],
  values: Readonly<Record<string, string>>,
  kept: readonly string[] = [],
): readonly FieldProblem[] {
  const [first, ...others] = forms.map((form) => problemsBy(form, values, kept));
  return others.reduce((best, problems) => (problems.length < best.length ? problems : best), first ?? []);
}

function problemsBy(
  { fields }: CredentialForm,
  values: Readonly<Record<string, string>>,
  kept: readonly string[],
): readonly FieldProblem[] {
  const names = Object.keys(fields);
  const missing = names.filter(
    (name) => fields[name]?.optional === false && !Object.hasOwn(values, name) && !kept.includes(name),
  );
  return [
    ...missing.map((name) => problem(name, "is required")),
    ...kept.filter((name) => !names.includes(name)).map((name) => problem(name, "belongs to another kind of sign-in")),
    ...Object.entries(values).flatMap(([name, value]) => {
      const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
      if (field === undefined) {
        return [problem(name, `is not known here. ${suggestNames(name, names)}`)];
      }
      if (field.choices !== undefined && !field.choices.includes(value)) {
        return [problem(name, `must be one of ${field.choices.join(", ")}`)];
      }
      return isClean(value)
        ? []
        : [problem(name, "must not begin or end with a space or hold a line break; copy it again")];
    }),
  ];
}

// What a copy and paste brings along breaks a header or a sign-in in ways that the vendor explains badly.
function isClean(value: string): boolean {
  return value === value.trim() && !/\p{Cc}/u.test(value);
}

function problem(name: string, message: string): FieldProblem {
  return { pointer: `/values/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`, message };
}
