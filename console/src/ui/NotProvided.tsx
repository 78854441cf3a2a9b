/** What a vendor does not tell is said so: never an empty cell, never a guess. */
export function NotProvided() {
  return <span className="quiet">not provided by this vendor</span>;
}
