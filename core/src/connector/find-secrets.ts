/**
 * What must not be in a recording: credentials, and e-mail addresses outside the domains reserved for examples (RFC
 * 2606, RFC 6761). Returns what kind of thing it looks like, never the thing.
 */
export function findSecrets(text: string): readonly string[] {
  const found = patterns.filter(({ pattern }) => pattern.test(text)).map(({ name }) => name);
  const addresses = text.match(/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g) ?? [];
  return addresses.every((address) => exampleDomain.test(address)) ? found : [...found, "a real e-mail address"];
}

const exampleDomain = /@(?:[\w-]+\.)*(?:example\.(?:com|org|net)|example|test|invalid)$/i;

const patterns: readonly { readonly name: string; readonly pattern: RegExp }[] = [
  { name: "an Authorization header", pattern: /\b(?:bearer|basic)\s+[\w~+/-]{8,}/i },
  { name: "a JSON web token", pattern: /\beyJ[\w-]{8,}\.[\w-]+/ },
  { name: "a private key", pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----/ },
  {
    name: "a named secret",
    pattern: /"(?:[\w-]*(?:secret|password|api[_-]?key|access_token|refresh_token))"\s*:\s*"[^"]+"/i,
  },
  {
    name: "a long random text",
    pattern: /(?<![\w~-])(?=[\w~-]*\d)(?=[\w~-]*[A-Z])(?=[\w~-]*[a-z])[\w~-]{40,}(?![\w~-])/,
  },
];
