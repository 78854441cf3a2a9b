import { type FormRulesRecord, type UseFormReturnType, useForm } from "@mantine/form";
import { useState } from "react";
import { ProblemError } from "../api/problem-error.ts";

type Values = Record<string, unknown>;

export type ProblemForm<Form extends Values> = {
  readonly form: UseFormReturnType<Form>;
  /** What the server refused, for <Problem>; undefined when all of it stands at the fields. */
  readonly error: unknown;
  readonly busy: boolean;
  /** For the form's onSubmit: sends, and puts every problem with a pointer at its field. */
  readonly submit: (send: (values: Form) => Promise<unknown>) => (event: React.FormEvent<HTMLFormElement>) => void;
};

type Options<Form extends Values> = {
  readonly initialValues: Form;
  readonly validate?: FormRulesRecord<Form>;
  /** The field for a JSON Pointer of the request, where it is not the pointer with dots for slashes. */
  readonly fieldOf?: (pointer: string) => string | undefined;
};

/**
 * A form whose problems are told by the server: the `errors` of a problem document go to the fields that their pointers name
 * (`/values/clientId` is the field `values.clientId`), and the first of them gets the focus.
 */
export function useProblemForm<Form extends Values>({
  initialValues,
  validate,
  fieldOf,
}: Options<Form>): ProblemForm<Form> {
  const form = useForm<Form>({
    mode: "controlled",
    initialValues,
    ...(validate === undefined ? {} : { validate }),
  });
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);

  const send = async (values: Form, act: (values: Form) => Promise<unknown>) => {
    setBusy(true);
    setError(undefined);
    form.clearErrors();
    try {
      await act(values);
    } catch (failure) {
      setError(placeProblems(failure));
    } finally {
      setBusy(false);
    }
  };

  /** Puts problems at their fields; gives the error back when something of it has no field. */
  const placeProblems = (failure: unknown): unknown => {
    if (!(failure instanceof ProblemError)) return failure;
    const placed: Record<string, string> = {};
    let rest = failure.problem.errors.length === 0;
    for (const { pointer, message } of failure.problem.errors) {
      const field = fieldOf?.(pointer) ?? pointer.slice(1).replaceAll("/", ".");
      if (form.getInputNode(field) === null) rest = true;
      else placed[field] = message;
    }
    form.setErrors(placed);
    const first = Object.keys(placed)[0];
    if (first !== undefined) form.getInputNode(first)?.focus();
    return rest ? failure : undefined;
  };

  return {
    form,
    error,
    busy,
    submit: (act) => form.onSubmit((values) => void send(values, act)),
  };
}
