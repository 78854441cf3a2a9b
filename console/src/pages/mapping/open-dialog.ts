import type { Field } from "@rollcall/core/contract/fields.ts";

/** The dialog that is open on the mapping page, and what it is about. */
export type OpenDialog =
  | null
  | { readonly kind: "smart" }
  /** Without a name: a new one. */
  | { readonly kind: "custom-field"; readonly name?: string }
  | { readonly kind: "rule"; readonly target: string }
  /** With a source: the new field is mapped to it at once. */
  | {
      readonly kind: "new-inventory-field";
      readonly entity: Field["entity"];
      readonly label?: string;
      readonly source?: string;
    }
  | { readonly kind: "inventory-field"; readonly field: Field };
