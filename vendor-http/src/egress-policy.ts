import { isIP } from "node:net";
import { ProductError } from "@rollcall/core/errors.ts";
import ipaddr from "ipaddr.js";
import { type AddressRange, inRange, isMetadataAddress, readAddress, whyNotPublic } from "./ip-address.ts";

/** What an operator allows beyond public https. A missing port means every port. */
export type EgressAllowance =
  | { readonly kind: "host"; readonly host: string; readonly port?: number }
  | { readonly kind: "range"; readonly range: AddressRange; readonly port?: number };

export type EgressPolicy = { readonly allow: readonly EgressAllowance[] };

/** The default: https to public addresses, nothing else. */
export const publicOnly: EgressPolicy = { allow: [] };

export type UrlVerdict =
  | { readonly kind: "allowed"; readonly url: URL }
  | { readonly kind: "denied"; readonly reason: string };

/**
 * Decides about an address before anything is resolved: scheme, credentials in the address, and IP literals in every
 * spelling (`URL` normalises decimal, octal, hexadecimal and upper-case forms). A DNS guard is never called for literals, so
 * they must be caught here; names are checked again, answer by answer, when they are resolved (`egress-connect.ts`).
 */
export function checkUrl(policy: EgressPolicy, address: string | URL): UrlVerdict {
  const url = URL.parse(String(address));
  if (url === null) return denied("it is not a URL");
  if (url.protocol !== "https:" && url.protocol !== "http:") return denied(`the scheme ${url.protocol} is not https`);
  if (url.username !== "" || url.password !== "") return denied("it contains a user name or password");

  const host = hostOf(url);
  const port = portOf(url);
  if (host.endsWith(".")) return denied("the host ends in a dot");
  const opened = isIP(host) === 0 ? allowsHost(policy, host, port) : allowsAddress(policy, host, port);
  if (opened) return { kind: "allowed", url };
  if (url.protocol === "http:") return denied("http is only for hosts allowed by name");

  const objection = isIP(host) === 0 ? whyNotPublicName(host) : whyNotPublic(host);
  return objection === null ? { kind: "allowed", url } : denied(`${host} is ${objection}`);
}

/**
 * Decides about one DNS answer for a host: `null` when it may be connected to, else why not. A host allowed by name may live
 * at a private address, but a metadata address must be allowed itself.
 */
export function whyAnswerDenied(policy: EgressPolicy, host: string, port: number, answer: string): string | null {
  if (allowsAddress(policy, answer, port)) return null;
  const objection = whyNotPublic(answer);
  if (objection === null) return null;
  return allowsHost(policy, host, port) && readAddress(answer) !== null && !isMetadataAddress(answer)
    ? null
    : objection;
}

/**
 * Reads `ROLLCALL_EGRESS_ALLOW`: a comma list of hosts, IP addresses (IPv6 with a port in brackets) and CIDR ranges, e.g.
 * `hr.corp.example, 10.1.2.3:8443, [fd00::5]:443, 10.20.0.0/16`. An empty text allows nothing more than the default.
 * Throws `egress.denied` naming the entry that cannot be read.
 */
export function parseEgressAllow(text: string): EgressPolicy {
  const entries = text.split(",").map((entry) => entry.trim());
  return { allow: entries.filter((entry) => entry !== "").map(parseAllowance) };
}

/** The host of a URL without the brackets of an IPv6 literal. */
export function hostOf(url: URL): string {
  return url.hostname.startsWith("[") ? url.hostname.slice(1, -1) : url.hostname;
}

export function portOf(url: URL): number {
  if (url.port !== "") return Number(url.port);
  return url.protocol === "http:" ? 80 : 443;
}

function parseAllowance(entry: string): EgressAllowance {
  if (entry.includes("/")) {
    if (!ipaddr.isValidCIDR(entry)) throw unreadable(entry);
    return { kind: "range", range: ipaddr.parseCIDR(entry) };
  }
  const bare = readAddress(entry);
  if (bare !== null) return { kind: "range", range: wholeAddress(bare) };

  const parts = /^(?<host>\[[0-9a-f:.]+\]|[^\s:[\]@?#*\\]+)(?::(?<port>\d{1,5}))?$/i.exec(entry)?.groups;
  const url = parts?.host === undefined ? null : URL.parse(`https://${parts.host}`);
  const port = parts?.port === undefined ? undefined : Number(parts.port);
  if (url === null || url.hostname === "" || url.hostname.endsWith(".") || (port !== undefined && !isPort(port))) {
    throw unreadable(entry);
  }
  const host = hostOf(url);
  const address = readAddress(host);
  const where = port === undefined ? {} : { port };
  return address === null
    ? { kind: "host", host, ...where }
    : { kind: "range", range: wholeAddress(address), ...where };
}

function allowsHost(policy: EgressPolicy, host: string, port: number): boolean {
  return policy.allow.some((entry) => entry.kind === "host" && entry.host === host && fitsPort(entry.port, port));
}

function allowsAddress(policy: EgressPolicy, address: string, port: number): boolean {
  return policy.allow.some(
    (entry) => entry.kind === "range" && inRange(address, entry.range) && fitsPort(entry.port, port),
  );
}

/** RFC 6761 §6.3: `localhost` and names below it are loopback whatever the resolver says. */
function whyNotPublicName(host: string): string | null {
  return host === "localhost" || host.endsWith(".localhost") ? "a loopback name" : null;
}

function fitsPort(allowed: number | undefined, port: number): boolean {
  return allowed === undefined || allowed === port;
}

function isPort(port: number): boolean {
  return port >= 1 && port <= 65_535;
}

function wholeAddress(address: ipaddr.IPv4 | ipaddr.IPv6): AddressRange {
  return [address, address.kind() === "ipv4" ? 32 : 128];
}

function denied(reason: string): UrlVerdict {
  return { kind: "denied", reason };
}

function unreadable(entry: string): ProductError {
  return new ProductError(
    "egress.denied",
    `ROLLCALL_EGRESS_ALLOW: “${entry}” is not a host, an IP address or a CIDR range; a port may follow a host or address.`,
    { details: { entry } },
  );
}
