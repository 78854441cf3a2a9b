/** A sentence to put behind "… is not known": the nearest names, or the first ones there are. */
export function suggestNames(written: string, known: readonly string[]): string {
  const near = nearestNames(written, known);
  if (near.length > 0) return `Did you mean ${near.join(" or ")}?`;
  if (known.length === 0) return "There are none to choose from.";
  const shown = known.slice(0, 8).join(", ");
  return known.length > 8 ? `Choose one such as ${shown}.` : `Choose one of ${shown}.`;
}

/**
 * "Did you mean" for a name that is not known: up to three of the known names within a few typing errors, or that
 * contain what was written, nearest first. Empty when nothing is near.
 */
export function nearestNames(written: string, known: readonly string[]): readonly string[] {
  const wanted = written.slice(0, 64).toLowerCase();
  const limit = wanted.length <= 3 ? 1 : Math.max(2, Math.floor(wanted.length / 3));
  return [...new Set(known)]
    .map((name) => ({ name, distance: distanceOf(wanted, name.slice(0, 64).toLowerCase()) }))
    .filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, 3)
    .map(({ name }) => name);
}

function distanceOf(a: string, b: string): number {
  if (a.length >= 3 && b.length >= 3 && (b.includes(a) || a.includes(b))) return 1;
  return editDistance(a, b);
}

/** Levenshtein's distance, row by row. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
