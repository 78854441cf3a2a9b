import type { FieldProblem } from "../errors.ts";
import type { Manifest } from "./manifest.ts";
import type { Pagination } from "./manifest-pagination.ts";

/** Rules about streams: they hang together, their ends are proven, their headers carry no credential. */
export function checkStreamRules(manifest: Manifest): readonly FieldProblem[] {
  return [...streamsHangTogether(manifest), ...endsAreProven(manifest), ...headersCarryNoCredential(manifest)];
}

function streamsHangTogether(manifest: Manifest): readonly FieldProblem[] {
  const problems: FieldProblem[] = [];
  for (const role of ["users", "check"] as const) {
    if (manifest.streams[manifest[role]] === undefined) {
      problems.push({ pointer: `/${role}`, message: `Names the stream ${manifest[role]}, which is not declared.` });
    }
  }
  if (manifest.streams[manifest.check]?.forEach !== undefined) {
    problems.push({ pointer: "/check", message: "The checking stream must not depend on another stream." });
  }
  for (const [name, stream] of Object.entries(manifest.streams)) {
    const pointer = `/streams/${name}`;
    const usesParent = JSON.stringify(stream.request).includes('{"from":"parent"}');
    if (usesParent && stream.forEach === undefined) {
      problems.push({ pointer: `${pointer}/request`, message: "Uses parent, but the stream has no forEach." });
    }
    if (stream.forEach === undefined) continue;
    if (!usesParent) {
      problems.push({ pointer: `${pointer}/request`, message: "Has a forEach, but the request does not use parent." });
    }
    if (manifest.streams[stream.forEach.stream] === undefined) {
      problems.push({ pointer: `${pointer}/forEach/stream`, message: "Names a stream that is not declared." });
    } else if (ancestors(manifest, name).includes(name)) {
      problems.push({ pointer: `${pointer}/forEach/stream`, message: "Depends on itself." });
    }
  }
  return problems;
}

function endsAreProven(manifest: Manifest): readonly FieldProblem[] {
  return Object.entries(manifest.streams).flatMap(([name, { pagination }]) =>
    endProblems(pagination).map((message) => ({ pointer: `/streams/${name}/pagination`, message })),
  );
}

function endProblems(pagination: Pagination): readonly string[] {
  switch (pagination.kind) {
    case "page-number": {
      const proven = pagination.hasMore !== undefined || pagination.total !== undefined;
      return proven ? [] : ["Needs hasMore or total: without either the end of the listing cannot be proven."];
    }
    case "cursor":
    case "next-link": {
      const { container, total, size, sizeParam } = pagination;
      const target = pagination.kind === "cursor" ? pagination.cursor : pagination.link;
      const problems: string[] = [];
      if (!target.startsWith(`${container}/`)) problems.push("The cursor or link must lie inside the container.");
      if (container === "" && total === undefined) {
        problems.push("A container that is the whole page is on every page, so it proves nothing; name a total too.");
      }
      if ((size === undefined) !== (sizeParam === undefined)) problems.push("size and sizeParam belong together.");
      return problems;
    }
    case "start-index":
    case "single":
      return [];
  }
}

function headersCarryNoCredential(manifest: Manifest): readonly FieldProblem[] {
  return Object.entries(manifest.streams).flatMap(([name, stream]) =>
    Object.keys(stream.request.headers)
      .filter((header) => /^(?:authorization|cookie|host|content-length|.*(?:token|api-?key|secret).*)$/i.test(header))
      .map((header) => ({
        pointer: `/streams/${name}/request/headers/${header}`,
        message: "Is not for a connector to set; credentials come from the authorization.",
      })),
  );
}

/** The streams a stream is read for, nearest first; a circle ends where it closes. */
export function ancestors(manifest: Manifest, stream: string): readonly string[] {
  const found: string[] = [];
  let parent = manifest.streams[stream]?.forEach?.stream;
  while (parent !== undefined && !found.includes(parent)) {
    found.push(parent);
    parent = manifest.streams[parent]?.forEach?.stream;
  }
  return found;
}
