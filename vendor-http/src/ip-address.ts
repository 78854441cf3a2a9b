import ipaddr from "ipaddr.js";

export type AddressRange = readonly [ipaddr.IPv4 | ipaddr.IPv6, number];

/**
 * Why an IP address is not a public one, or `null` when it is. The text is an address without brackets; what cannot be
 * read is never public.
 */
export function whyNotPublic(text: string): string | null {
  const address = readAddress(text);
  if (address === null) return "not an IP address";
  if (isMetadataAddress(text)) return "a cloud metadata address";
  const range = address.range();
  if (range !== "unicast") return rangeNames[range] ?? `a special-purpose address (${range})`;
  // Everything public that is assigned lies in 2000::/3 (RFC 4291 §2.4, IANA registry); this also refuses the
  // deprecated IPv4-compatible ::/96, which the ranges above call unicast.
  if (address.kind() === "ipv6" && !address.match(globalUnicast)) return "outside the global unicast range";
  return null;
}

/** Services of the cloud itself; they hand out credentials. A host allowed by name does not open these. */
export function isMetadataAddress(text: string): boolean {
  const address = readAddress(text);
  if (address === null) return false;
  const plain = address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress() ? address.toIPv4Address() : address;
  return metadataAddresses.has(plain.toNormalizedString());
}

/** An address without a zone (`fe80::1%eth0` has one), or `null`. Only four-part decimal IPv4; URLs are normalised to it. */
export function readAddress(text: string): ipaddr.IPv4 | ipaddr.IPv6 | null {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text);
  if (text.includes(":") && !text.includes("%") && ipaddr.IPv6.isValid(text)) return ipaddr.IPv6.parse(text);
  return null;
}

export function inRange(text: string, [network, bits]: AddressRange): boolean {
  const address = readAddress(text);
  return address !== null && address.kind() === network.kind() && address.match(network, bits);
}

const globalUnicast: [ipaddr.IPv6, number] = [ipaddr.IPv6.parse("2000::"), 3];

const metadataAddresses = new Set([
  "169.254.169.254", // AWS, Google, Azure, Oracle and others
  "169.254.170.2", // AWS container credentials
  "100.100.100.200", // Alibaba
  "168.63.129.16", // Azure's platform address; public by its number
  ipaddr.IPv6.parse("fd00:ec2::254").toNormalizedString(), // AWS over IPv6
]);

const rangeNames: Readonly<Record<string, string>> = {
  unspecified: "an unspecified address",
  broadcast: "the broadcast address",
  multicast: "a multicast address",
  linkLocal: "a link-local address",
  loopback: "a loopback address",
  carrierGradeNat: "a carrier-grade NAT address",
  private: "a private address",
  reserved: "a reserved address",
  uniqueLocal: "a unique local address",
  ipv4Mapped: "an IPv4-mapped address",
  rfc6052: "a NAT64 address",
  "6to4": "a 6to4 address",
  teredo: "a Teredo address",
};
