import type { Source } from "./source.ts";

/**
 * Documents name only what exists: files, scripts, environment variables, functions, tables and codes. Looked at are code spans, links,
 * and file names in code blocks.
 */
export function findUnknownNames(sources: readonly Source[]): readonly string[] {
  const known = knownNames(sources);
  return sources
    .filter(({ path }) => path.endsWith(".md"))
    .flatMap(({ path, text }) => {
      const unknown = [...citations(text)].filter((cited) => !exists(cited, path, known));
      return unknown.map(({ name }) => `${path} names ${name}, which does not exist.`);
    });
}

type Citation = { readonly kind: "span" | "link" | "block"; readonly name: string };

type KnownNames = {
  readonly paths: ReadonlySet<string>;
  readonly folders: ReadonlySet<string>;
  readonly words: ReadonlySet<string>;
  readonly scripts: ReadonlySet<string>;
  readonly code: string;
};

/** Names of other programs that look like ours. */
const foreignNames: ReadonlySet<string> = new Set(["pg_dump"]);

const fileEnding = /\.(ts|js|json|sql|yaml|md)$/;

function* citations(text: string): Generator<Citation> {
  const [prose, blocks] = splitBlocks(text);
  for (const [, name = ""] of prose.matchAll(/(?<!`)`([^`\n]+)`(?!`)/g)) {
    yield { kind: "span", name };
  }
  for (const [, name = ""] of prose.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)) {
    yield { kind: "link", name };
  }
  for (const [name] of blocks.matchAll(/[\w@./<>*-]+\.(ts|js|json|sql|yaml|md)\b|npm (run [\w:-]+|test|start)/g)) {
    yield { kind: "block", name };
  }
}

function splitBlocks(text: string): readonly [prose: string, blocks: string] {
  const parts = text.split(/^```.*$/m);
  return [
    parts.filter((_, index) => index % 2 === 0).join("\n"),
    parts.filter((_, index) => index % 2 === 1).join("\n"),
  ];
}

function exists({ kind, name }: Citation, document: string, known: KnownNames): boolean {
  if (kind === "link") {
    return /^(https?:|mailto:|<)/.test(name) || isPath(new URL(name, `file:///${document}`).pathname.slice(1), known);
  }
  const script = /^npm (?:run )?([\w:-]+)/.exec(name)?.[1];
  if (script !== undefined) {
    return ["ci", "install"].includes(script) || known.scripts.has(script);
  }
  if (/\s|^[~.]|^\/[a-z]/.test(name) || foreignNames.has(name)) {
    return true;
  }
  if (fileEnding.test(name) || (name.includes("/") && known.folders.has(name.split("/", 1)[0] ?? ""))) {
    return isPath(name, known) || isPath(new URL(name, `file:///${document}`).pathname.slice(1), known);
  }
  if (/^[a-z]+_?[a-z]*(\.[a-z_]+)+$/.test(name)) {
    return known.code.includes(name);
  }
  const isWord = /^[A-Za-z]\w*(\(\))?$/.test(name) && /[a-z][A-Z]|_/.test(name);
  return !isWord || known.words.has(name.replace("()", ""));
}

/** A file or folder by its path or the end of it; `<id>`, `NNNN` and `*` stand for anything. */
function isPath(name: string, { paths, folders }: KnownNames): boolean {
  const path = name.replace(/\/$/, "").replace(/^\.\//, "");
  if (!/[<*]|NNNN/.test(path)) {
    return [...paths, ...folders].some((each) => each === path || each.endsWith(`/${path}`));
  }
  const escaped = path.replace(/<[^>]+>|\*+|N{4,}/g, "\0").replace(/[.+?^${}()|[\]\\]/g, "\\$&");
  const pattern = new RegExp(`(^|/)${escaped.replaceAll("\0", "[^/]+")}$`);
  return [...paths, ...folders].some((each) => pattern.test(each));
}

function knownNames(sources: readonly Source[]): KnownNames {
  const folders = new Set<string>();
  for (const { path } of sources) {
    const parts = path.split("/").slice(0, -1);
    parts.forEach((_, index) => void folders.add(parts.slice(0, index + 1).join("/")));
  }
  const code = sources
    .filter(({ path }) => !path.endsWith(".md") && !path.startsWith("docs/") && path !== "package-lock.json")
    .map(({ text }) => text)
    .join("\n");
  const manifest = sources.find(({ path }) => path === "package.json");
  const { scripts = {} } = JSON.parse(manifest?.text ?? "{}") as { scripts?: Record<string, string> };
  return {
    paths: new Set(sources.map(({ path }) => path)),
    folders,
    words: new Set(code.match(/[A-Za-z_]\w*/g)),
    scripts: new Set(Object.keys(scripts)),
    code,
  };
}
