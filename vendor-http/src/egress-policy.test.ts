import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { checkUrl, parseEgressAllow, publicOnly, whyAnswerDenied } from "./egress-policy.ts";
import { whyNotPublic } from "./ip-address.ts";

const numRuns = Number(process.env.ROLLCALL_PROPERTY_RUNS ?? 500);

const deniedByDefault: Readonly<Record<string, readonly string[]>> = {
  loopback: [
    "https://127.0.0.1/",
    "https://127.255.255.254/",
    "https://[::1]/",
    "https://localhost/",
    "https://api.localhost/",
  ],
  private: ["https://10.0.0.1/", "https://172.16.0.1/", "https://172.31.255.255/", "https://192.168.1.1/"],
  "carrier-grade NAT": ["https://100.64.0.1/", "https://100.127.255.255/"],
  "link-local": ["https://169.254.1.1/", "https://[fe80::1]/", "https://[febf::1]/"],
  metadata: [
    "https://169.254.169.254/latest/meta-data",
    "https://[fd00:ec2::254]/",
    "https://100.100.100.200/",
    "https://168.63.129.16/",
  ],
  "0/8 and unspecified": ["https://0.0.0.0/", "https://0.1.2.3/", "https://[::]/"],
  multicast: ["https://224.0.0.1/", "https://239.255.255.255/", "https://[ff02::1]/"],
  broadcast: ["https://255.255.255.255/"],
  reserved: [
    "https://240.0.0.1/",
    "https://192.0.0.192/",
    "https://192.0.2.1/",
    "https://198.18.0.1/",
    "https://198.51.100.1/",
    "https://203.0.113.1/",
    "https://192.88.99.1/",
    "https://[2001:db8::1]/",
    "https://[fec0::1]/",
    "https://[100::1]/",
  ],
  "unique local": ["https://[fc00::1]/", "https://[fdff::1]/"],
  "IPv4-mapped": ["https://[::ffff:127.0.0.1]/", "https://[::ffff:8.8.8.8]/", "https://[::ffff:7f00:1]/"],
  "IPv4-compatible": ["https://[::7f00:1]/", "https://[::808:808]/"],
  NAT64: ["https://[64:ff9b::7f00:1]/", "https://[64:ff9b::808:808]/", "https://[64:ff9b:1::1]/"],
  "6to4": ["https://[2002:7f00:1::]/", "https://[2002:808:808::1]/"],
  Teredo: ["https://[2001::1]/", "https://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/"],
  "other spellings of 127.0.0.1": [
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0x7F.1/",
    "https://0177.0.0.1/",
    "https://127.1/",
    "https://127.0.0.1./",
    "https://①②⑦.0.0.1/",
    "https://%31%32%37.0.0.1/",
    "HTTPS://LOCALHOST/",
    "https://LocalHost:8443/",
  ],
  "a trailing dot": ["https://localhost./", "https://api.example.com./"],
  "other schemes": [
    "http://api.example.com/",
    "http://8.8.8.8/",
    "ftp://api.example.com/",
    "file:///etc/passwd",
    "data:text/plain,x",
    "javascript:1",
    "ws://api.example.com/",
    "gopher://api.example.com/",
  ],
  "credentials in the address": ["https://user:pass@api.example.com/", "https://user@api.example.com/"],
  "not a URL": ["", "api.example.com", "https://", "https://[::1", "https://a b/"],
};

describe("checkUrl", () => {
  for (const [what, addresses] of Object.entries(deniedByDefault)) {
    test(`denies ${what}`, () => {
      for (const address of addresses) assert.equal(checkUrl(publicOnly, address).kind, "denied", address);
    });
  }

  test("allows https to public hosts and addresses", () => {
    for (const address of [
      "https://api.pactsafe.com/v1.1/accounts",
      "https://API.PactSafe.com:8443/",
      "https://8.8.8.8/",
      "https://[2606:4700::1111]/",
      "https://172.32.0.1/",
      "https://100.128.0.1/",
    ]) {
      assert.equal(checkUrl(publicOnly, address).kind, "allowed", address);
    }
  });

  test("opens exactly what is allowed by name, address, range and port", () => {
    const policy = parseEgressAllow(
      " HR.corp.example , 10.1.2.3:8443, [fd00::5]:443, fd01::/64, 10.20.0.0/16, 127.0.0.1,localhost:9000",
    );
    const verdict = (address: string) => checkUrl(policy, address).kind;
    for (const address of [
      "https://hr.corp.example/",
      "http://hr.corp.example:8080/",
      "https://10.1.2.3:8443/",
      "http://10.1.2.3:8443/",
      "https://[fd00::5]/",
      "https://[fd01::abcd]/",
      "https://10.20.255.1/",
      "http://127.0.0.1:1234/",
      "http://2130706433/",
      "http://localhost:9000/",
    ]) {
      assert.equal(verdict(address), "allowed", address);
    }
    for (const address of [
      "https://10.1.2.3/",
      "https://10.1.2.4:8443/",
      "https://[fd00::5]:444/",
      "https://[fd01:0:0:1::1]/",
      "https://10.21.0.1/",
      "https://[::ffff:127.0.0.1]/",
      "http://localhost:9001/",
      "http://sub.hr.corp.example/",
      "https://hr.corp.example./",
      "ftp://hr.corp.example/",
    ]) {
      assert.equal(verdict(address), "denied", address);
    }
  });

  test("G25 every spelling of an address that is not public is denied", () => {
    const blocks: readonly (readonly [number, number])[] = [
      [0, 8],
      [10, 8],
      [127, 8],
      [0x64400000, 10],
      [0xa9fe0000, 16],
      [0xac100000, 12],
      [0xc0a80000, 16],
      [0xe0000000, 4],
      [0xf0000000, 4],
    ].map(([network, bits]) => [(network ?? 0) < 256 ? (network ?? 0) * 2 ** 24 : (network ?? 0), bits ?? 0]);
    const address = fc
      .tuple(fc.constantFrom(...blocks), fc.nat({ max: 0xffffffff }))
      .map(([[network, bits], noise]) => network + (noise % 2 ** (32 - bits)));
    fc.assert(
      fc.property(address, (number) => {
        for (const spelling of spellings(number)) {
          assert.equal(checkUrl(publicOnly, `https://${spelling}/`).kind, "denied", spelling);
        }
      }),
      { numRuns },
    );
  });

  test("G25 no embedding of an IPv4 address, public or not, is reachable over IPv6", () => {
    fc.assert(
      fc.property(fc.nat({ max: 0xffffffff }), (number) => {
        const high = (number >>> 16).toString(16);
        const low = (number & 0xffff).toString(16);
        for (const host of [
          `::ffff:${high}:${low}`,
          `::${high}:${low}`,
          `64:ff9b::${high}:${low}`,
          `2002:${high}:${low}::`,
          `2001:0:${high}:${low}::`,
        ]) {
          assert.equal(checkUrl(publicOnly, `https://[${host}]/`).kind, "denied", host);
        }
      }),
      { numRuns },
    );
  });

  test("never throws, and lets nothing but https through when nothing is allowed", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.webUrl({ withQueryParameters: true }),
          fc.ipV6().map((ip) => `https://[${ip}]`),
        ),
        (address) => {
          const verdict = checkUrl(publicOnly, address);
          if (verdict.kind === "allowed") assert.equal(verdict.url.protocol, "https:");
        },
      ),
      { numRuns },
    );
  });
});

describe("whyAnswerDenied", () => {
  test("G25 a host allowed by name may live at a private address, but not at a metadata address", () => {
    const policy = parseEgressAllow("hr.corp.example:443");
    assert.equal(whyAnswerDenied(policy, "hr.corp.example", 443, "10.0.0.1"), null);
    assert.match(whyAnswerDenied(policy, "hr.corp.example", 444, "10.0.0.1") ?? "", /private/);
    assert.match(whyAnswerDenied(policy, "hr.corp.example", 443, "169.254.169.254") ?? "", /metadata/);
    assert.match(whyAnswerDenied(policy, "hr.corp.example", 443, "fd00:ec2::254") ?? "", /metadata/);
    assert.match(whyAnswerDenied(policy, "hr.corp.example", 443, "::ffff:169.254.169.254") ?? "", /metadata/);
    assert.match(whyAnswerDenied(policy, "other.example", 443, "10.0.0.1") ?? "", /private/);
    assert.notEqual(whyAnswerDenied(policy, "hr.corp.example", 443, "nonsense"), null);
    assert.equal(whyAnswerDenied(parseEgressAllow("169.254.169.254"), "x.example", 443, "169.254.169.254"), null);
  });

  test("an address with a zone is not public", () => {
    assert.notEqual(whyNotPublic("2606:4700::1111%eth0"), null);
    assert.notEqual(whyNotPublic("fe80::1%eth0"), null);
  });
});

describe("parseEgressAllow", () => {
  test("an empty text allows nothing", () => {
    assert.deepEqual(parseEgressAllow(" , ,").allow, []);
  });

  test("names the entry that it cannot read", () => {
    for (const entry of [
      "*",
      "*.corp.example",
      "https://corp.example",
      "10.0.0.0/33",
      "corp.example:0",
      "corp.example:70000",
      "a b",
      "corp.example.",
      "user@corp.example",
      "corp.example\\x",
      "::1:bad:",
    ]) {
      assert.throws(
        () => parseEgressAllow(`ok.example,${entry}`),
        (error: Error) => error.message.includes(entry),
        entry,
      );
    }
  });
});

function spellings(number: number): readonly string[] {
  const bytes = [24, 16, 8, 0].map((shift) => (number >>> shift) & 255);
  const hex = number.toString(16);
  return [
    bytes.join("."),
    String(number >>> 0),
    `0x${hex}`,
    `0X${hex.toUpperCase()}`,
    `0${number.toString(8)}`,
    bytes.map((byte) => `0x${byte.toString(16)}`).join("."),
    bytes.map((byte) => `0${byte.toString(8)}`).join("."),
    `${bytes[0]}.${number % 2 ** 24}`,
    `${bytes[0]}.${bytes[1]}.${number % 2 ** 16}`,
    `${bytes.join(".")}.`,
    `[::ffff:${bytes.join(".")}]`,
  ];
}
