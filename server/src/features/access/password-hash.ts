import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";

// 16 MiB and about 0.1 s each; https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html, scrypt.
const current = { log2N: 14, r: 8, p: 5 };
type Parameters = typeof current;

const hashBytes = 32;

/** What the database keeps of a password: `$scrypt$ln=14,r=8,p=5$salt$hash`, both in base64. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  return format(current, salt, await derive(password, salt, current));
}

/** Takes as long when there is no hash (the account is unknown, or has no password) as when there is one. */
export async function verifyPassword(password: string, hash: string | undefined): Promise<boolean> {
  const { salt, expected, ...parameters } = parse(hash ?? decoy);
  const found = await derive(password, salt, parameters);
  return timingSafeEqual(found, expected) && hash !== undefined;
}

/** Whether the hash was made with weaker parameters than those of today, so that it should be made again. */
export function isOutdated(hash: string): boolean {
  return !hash.startsWith(prefix(current));
}

function prefix({ log2N, r, p }: Parameters): string {
  return `$scrypt$ln=${log2N},r=${r},p=${p}$`;
}

function format(parameters: Parameters, salt: Buffer, hash: Buffer): string {
  return `${prefix(parameters)}${salt.toString("base64")}$${hash.toString("base64")}`;
}

function parse(hash: string): Parameters & { readonly salt: Buffer; readonly expected: Buffer } {
  const [, log2N, r, p, salt, expected] = /^\$scrypt\$ln=(\d+),r=(\d+),p=(\d+)\$([^$]+)\$([^$]+)$/.exec(hash) ?? [];
  if (salt === undefined || expected === undefined) {
    throw new Error("A stored password hash does not have the form that hashPassword writes.");
  }
  return {
    log2N: Number(log2N),
    r: Number(r),
    p: Number(p),
    salt: Buffer.from(salt, "base64"),
    expected: Buffer.from(expected, "base64"),
  };
}

// The password behind it is nobody's.
const decoy = format(current, randomBytes(16), randomBytes(hashBytes));

// Guessers must not take the thread pool of the whole process, so hashes wait for each other beyond this many.
const atOnce = 2;
let running = 0;
const waiting: (() => void)[] = [];

async function derive(password: string, salt: Buffer, { log2N, r, p }: Parameters): Promise<Buffer> {
  if (running >= atOnce) {
    await new Promise<void>((go) => waiting.push(go));
  }
  running += 1;
  try {
    return await new Promise((resolve, reject) => {
      // NFKC: the same password from different keyboards, NIST SP 800-63B §3.1.1.2.
      scrypt(
        password.normalize("NFKC"),
        salt,
        hashBytes,
        { N: 2 ** log2N, r, p, maxmem: 256 * 2 ** log2N * r },
        (error, key) => (error === null ? resolve(key) : reject(error)),
      );
    });
  } finally {
    running -= 1;
    waiting.shift()?.();
  }
}
