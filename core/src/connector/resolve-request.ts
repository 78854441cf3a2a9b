import { ProductError } from "../errors.ts";
import type { PageRequest } from "./listing-state.ts";
import type { Manifest } from "./manifest.ts";
import type { Authorization, UrlTemplate } from "./manifest-authorization.ts";
import type { FromInput, InputValue, InputValues } from "./manifest-inputs.ts";

/** A request ready to be sent, but for its authorization. */
export type ResolvedRequest = {
  readonly method: "GET";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
};

/** What `{ from: … }` can name: the integration's inputs, and the value a forEach stream is read for. */
export type RequestScope = { readonly inputs: InputValues; readonly parent: string | null };

/**
 * The concrete request for one page of a stream. Every path segment is encoded by itself, and a segment that could climb
 * (empty, "." or "..") is refused, so that a vendor's value can never lead to another path.
 */
export function resolveRequest(
  manifest: Manifest,
  streamName: string,
  scope: RequestScope,
  page: PageRequest,
): ResolvedRequest {
  const stream = manifest.streams[streamName];
  if (stream === undefined) throw unresolved(`The connector ${manifest.id} has no stream ${streamName}.`);
  const base = resolveUrl(manifest.baseUrl, scope.inputs);
  const headers = stream.request.headers;
  if (page.kind === "url") {
    if (URL.parse(page.url)?.origin !== new URL(base).origin) {
      throw unresolved(`The next page of ${streamName} is on another host than the API address.`);
    }
    return { method: "GET", url: page.url, headers };
  }
  const segments = stream.request.path.map((part) => {
    const value = typeof part === "string" ? part : scopedValue(part.from, scope);
    return encodeSegment(value, `the path of ${streamName}`);
  });
  const query = new URLSearchParams();
  for (const [name, part] of Object.entries(stream.request.query)) {
    const value = typeof part === "object" ? scopedValue(part.from, scope) : part;
    if (value !== null) query.set(name, String(value));
  }
  for (const [name, value] of Object.entries(page.params)) query.set(name, value);
  const search = query.toString();
  return { method: "GET", url: `${[base, ...segments].join("/")}${search === "" ? "" : `?${search}`}`, headers };
}

/** Where and how a token is minted for OAuth client credentials. */
export type ResolvedTokenRequest = {
  readonly url: string;
  readonly encoding: "form" | "json";
  readonly clientAuthentication: "body" | "basic";
  readonly scope: string | null;
};

/** The token request of an authorization with the integration's inputs put in. */
export function resolveTokenRequest(
  authorization: Authorization & { readonly kind: "oauth2-client-credentials" },
  inputs: InputValues,
): ResolvedTokenRequest {
  return {
    url: resolveUrl(authorization.tokenUrl, inputs),
    encoding: oneOf(["form", "json"], authorization.encoding, inputs),
    clientAuthentication: oneOf(["body", "basic"], authorization.clientAuthentication, inputs),
    scope: authorization.scope ?? null,
  };
}

/** A url input with path segments added to it; never ends in a slash. */
export function resolveUrl(template: UrlTemplate, inputs: InputValues): string {
  const base = inputValue(template.base, inputs);
  const url = typeof base === "string" ? URL.parse(base) : null;
  if (url === null) throw unresolved(`The input ${template.base.from.slice(7)} is not an address.`);
  const segments = template.path.map((part) => encodeSegment(part, "an address"));
  return [`${url.origin}${url.pathname.replace(/\/+$/, "")}`, ...segments].join("/");
}

/** A setting that is written in the manifest or comes from an integer input, as a number. */
export function resolveNumber(setting: number | FromInput, inputs: InputValues): number {
  const value = typeof setting === "number" ? setting : inputValue(setting, inputs);
  if (typeof value !== "number") throw unresolved(`${describeSetting(setting)} is not a number.`);
  return value;
}

/** The value of an input; null when it is optional and empty. */
export function inputValue(reference: FromInput, inputs: InputValues): InputValue {
  const name = reference.from.slice("inputs.".length);
  const value = Object.hasOwn(inputs, name) ? inputs[name] : undefined;
  if (value === undefined) throw unresolved(`The input ${name} was not read; read the integration's inputs first.`);
  return value;
}

function scopedValue(from: string, scope: RequestScope): InputValue {
  return from === "parent" ? scope.parent : inputValue({ from }, scope.inputs);
}

function encodeSegment(value: InputValue, where: string): string {
  const text = typeof value === "string" || typeof value === "number" ? String(value) : "";
  if (text === "" || text === "." || text === ".." || !text.isWellFormed()) {
    throw unresolved(`A value in ${where} cannot be a path segment.`);
  }
  return encodeURIComponent(text);
}

function oneOf<Choice extends string>(
  choices: readonly Choice[],
  setting: Choice | FromInput,
  inputs: InputValues,
): Choice {
  const value = typeof setting === "string" ? setting : inputValue(setting, inputs);
  const found = choices.find((choice) => choice === value);
  if (found === undefined) throw unresolved(`${describeSetting(setting)} must be one of ${choices.join(", ")}.`);
  return found;
}

function describeSetting(setting: string | number | FromInput): string {
  return typeof setting === "object" ? `The input ${setting.from.slice(7)}` : "A setting of the connector";
}

function unresolved(message: string): ProductError {
  return new ProductError("connector.unresolved", message);
}
