import { VisuallyHidden } from "@mantine/core";

/** A field without a value: a dash for the eye, a word for screen readers. What a vendor does not tell is <NotProvided>. */
export function Nothing() {
  return (
    <span className="quiet">
      <span aria-hidden>–</span>
      <VisuallyHidden>empty</VisuallyHidden>
    </span>
  );
}
