/** One request as it was received. No header values that could hold a secret. */
export type RequestLogEntry = {
  readonly number: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly call: string;
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly site?: number | undefined;
  readonly account?: number | undefined;
  readonly userAgent?: string | undefined;
  /** Which minted token was presented, counted from 1. */
  token?: number | undefined;
  /** How a token request was encoded and authenticated. */
  tokenRequest?: { readonly encoding: string; readonly clientAuth: string; readonly grantType: string } | undefined;
  faults?: readonly string[];
  /** Absent until there is an answer, and for ever when a fault keeps it back. */
  status?: number;
};

export type Counters = {
  requests: number;
  byCall: Record<string, number>;
  byStatus: Record<string, number>;
  /** Tokens given out. */
  mints: number;
  /** Token requests refused because of what they said. */
  refusedMints: number;
  maxConcurrent: number;
  maxConcurrentMints: number;
  rateLimited: number;
  faults: number;
  /** Connections opened. */
  connections: number;
};

export type Traffic = {
  readonly counters: () => Counters;
  readonly log: () => readonly RequestLogEntry[];
  readonly reset: () => void;
  /** Notes a request; the returned function notes its end. */
  readonly begin: (entry: Omit<RequestLogEntry, "number">) => {
    readonly entry: RequestLogEntry;
    readonly end: () => void;
  };
  /** Notes the status a request is answered with. */
  readonly answered: (entry: RequestLogEntry, status: number) => void;
  readonly count: (what: "mints" | "refusedMints" | "rateLimited" | "faults" | "connections") => void;
};

/** The log keeps this many requests, the last ones. */
const logLength = 20_000;

export function createTraffic(): Traffic {
  let counters = zeroCounters();
  let log: RequestLogEntry[] = [];
  let received = 0;
  let open = 0;
  let openMints = 0;
  return {
    counters: () => structuredClone(counters),
    log: () => log.slice(-logLength),
    reset: () => {
      counters = zeroCounters();
      log = [];
    },
    begin: (request) => {
      const entry: RequestLogEntry = { number: ++received, ...request };
      if (log.length >= 2 * logLength) log = log.slice(-logLength);
      log.push(entry);
      const isMint = entry.call === "token";
      counters.requests++;
      counters.byCall[entry.call] = (counters.byCall[entry.call] ?? 0) + 1;
      counters.maxConcurrent = Math.max(counters.maxConcurrent, ++open);
      if (isMint) counters.maxConcurrentMints = Math.max(counters.maxConcurrentMints, ++openMints);
      const end = () => {
        open--;
        if (isMint) openMints--;
      };
      return { entry, end };
    },
    answered: (entry, status) => {
      entry.status = status;
      counters.byStatus[status] = (counters.byStatus[status] ?? 0) + 1;
    },
    count: (what) => {
      counters[what]++;
    },
  };
}

function zeroCounters(): Counters {
  return {
    requests: 0,
    byCall: {},
    byStatus: {},
    mints: 0,
    refusedMints: 0,
    maxConcurrent: 0,
    maxConcurrentMints: 0,
    rateLimited: 0,
    faults: 0,
    connections: 0,
  };
}
