import type { Manifest } from "@rollcall/core/connector/manifest.ts";
import type { InputValues } from "@rollcall/core/connector/manifest-inputs.ts";
import { readInputs } from "@rollcall/core/connector/read-inputs.ts";
import type { FieldProblem } from "@rollcall/core/errors.ts";
import { suggestNames } from "@rollcall/core/mapping/nearest-names.ts";

/** Typed inputs with the connector's defaults filled in; problems point into the integration document. */
export function checkInputs(
  manifest: Manifest,
  entered: Readonly<Record<string, unknown>>,
): { readonly inputs: InputValues; readonly problems: readonly FieldProblem[] } {
  const names = Object.keys(manifest.inputs);
  const problems: FieldProblem[] = [];
  const known: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(entered)) {
    const pointer = pointerTo(name);
    const input = Object.hasOwn(manifest.inputs, name) ? manifest.inputs[name] : undefined;
    if (input === undefined) {
      problems.push({
        pointer,
        message: `The connector has no input ${JSON.stringify(name)}. ${suggestNames(name, names)}`,
      });
    } else if (input.kind === "text" && input.secret && value !== null && value !== "") {
      const message =
        "A secret is never kept in an integration. Put it into the credential, whose values are encrypted.";
      problems.push({ pointer, message });
    } else {
      known[name] = value;
    }
  }
  const read = readInputs(manifest, known);
  return read.kind === "ok"
    ? { inputs: read.inputs, problems }
    : { inputs: {}, problems: [...problems, ...read.problems.map(atInput)] };
}

function atInput({ pointer, message }: FieldProblem): FieldProblem {
  return { pointer: `/inputs${pointer}`, message };
}

function pointerTo(name: string): string {
  return `/inputs/${name.slice(0, 128).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}
