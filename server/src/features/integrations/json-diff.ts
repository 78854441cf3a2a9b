/** One place where two JSON documents differ; `before` or `after` is absent where the place is in one document alone. */
type JsonDifference = { readonly pointer: string; readonly before?: unknown; readonly after?: unknown };

/** Where two JSON documents differ, by RFC 6901 pointer, as deep as both have objects or lists there. */
export function jsonDiff(before: unknown, after: unknown, pointer = ""): readonly JsonDifference[] {
  if (!isContainer(before) || !isContainer(after) || Array.isArray(before) !== Array.isArray(after)) {
    return before === after ? [] : [{ pointer, before, after }];
  }
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].flatMap((name) => {
    const place = `${pointer}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
    if (!Object.hasOwn(after, name)) {
      return [{ pointer: place, before: before[name] }];
    }
    return Object.hasOwn(before, name)
      ? jsonDiff(before[name], after[name], place)
      : [{ pointer: place, after: after[name] }];
  });
}

function isContainer(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
