import { ProductError } from "@rollcall/core/errors.ts";

/** Says of a connection that failed what to check. */
export function unreachable(url: string, cause: unknown): ProductError {
  const code = codeOf(cause);
  const why = reasons[code] ?? (code === "" ? "The connection failed." : `The connection failed (${code}).`);
  return new ProductError("cli.server_unreachable", `No answer from the Rollcall server at ${url}. ${why}`, { cause });
}

const certificate = "Its certificate is not trusted here; give Node the authority's file in NODE_EXTRA_CA_CERTS.";
const broken = "The connection was closed in the middle of the answer; what arrived is not complete.";

const reasons: Readonly<Record<string, string>> = {
  "bad port": "No http is spoken on this port; give the server another one.",
  ECONNREFUSED: "Nothing listens at this address and port.",
  ENOTFOUND: "The name of the host is not known.",
  EAI_AGAIN: "The name of the host could not be looked up; check the network.",
  UND_ERR_CONNECT_TIMEOUT: "The host does not answer; check the network and firewalls.",
  ETIMEDOUT: "The host does not answer; check the network and firewalls.",
  EHOSTUNREACH: "There is no way to the host; check the network.",
  ENETUNREACH: "There is no way to the host; check the network.",
  UND_ERR_HEADERS_TIMEOUT: "It took the call and did not answer in five minutes.",
  UND_ERR_BODY_TIMEOUT: "It stopped sending in the middle of the answer.",
  UND_ERR_SOCKET: broken,
  ECONNRESET: broken,
  ERR_SSL_WRONG_VERSION_NUMBER: "It does not speak https; try http.",
  ERR_SSL_PACKET_LENGTH_TOO_LONG: "It does not speak https; try http.",
  CERT_HAS_EXPIRED: "Its certificate has expired.",
  ERR_TLS_CERT_ALTNAME_INVALID: "Its certificate is for another name.",
  DEPTH_ZERO_SELF_SIGNED_CERT: certificate,
  SELF_SIGNED_CERT_IN_CHAIN: certificate,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: certificate,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: certificate,
};

/** The code of the innermost cause that has one. fetch wraps what happened in a TypeError. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  const inner = codeOf(error.cause);
  if (inner !== "") return inner;
  // What fetch says of ports that browsers keep for other protocols, https://fetch.spec.whatwg.org/#port-blocking.
  if (error.message === "bad port") return "bad port";
  return "code" in error && typeof error.code === "string" ? error.code : "";
}
