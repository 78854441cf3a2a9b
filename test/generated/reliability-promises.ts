/** What Rollcall promises when things go wrong, by number; tests begin their name with the number of what they prove. */
export const reliabilityPromises: readonly PromiseGroup[] = [
  {
    title: "Deactivation",
    promises: {
      A1: "A vendor that is unreachable, refuses, limits, times out, sends HTML, something malformed, truncated or mislabelled, or suddenly nothing: nobody is deactivated, the run is incomplete or failed, and the contacts are told.",
      A2: "A record that is present but rejected, unmapped, disputed or filtered is not deactivated.",
      A3: "The guard's defaults: the larger of 5 and 10 % in one run, 20 % in any 7 days, and never a population of 3 or more to zero; small populations are no exception.",
      A4: "When the guard trips, creations and updates are applied and not one deactivation; an approval is for that plan only, with reason, name and expiry; a stale plan is refused.",
      A5: "Protected people are never deactivated. Whoever was deactivated by hand is never reactivated by a run.",
      A6: "Undo restores status, fields and links bit for bit for records that nobody touched; edited ones are reported as kept.",
      A7: "Create-only makes no updates and no status changes, update-only no creations, deactivate-off no status changes; no run touches another integration's links.",
    },
  },
  {
    title: "Paging and completeness",
    promises: {
      B8: "Failed or flagged, never silently accepted: repeated pages, an ignored page or page size, duplicate ids, rows that move, a list without end, a missing end, short or empty pages, a total that lies, a page past the end, a link to another host.",
      B9: "Connector data and hooks cannot declare a listing complete after a failed page.",
      B10: "Over 1,000,000 users the resident memory of the process that runs them grows by less than 200 MB.",
    },
  },
  {
    title: "Failure and exact results",
    promises: {
      C11: "A kill -9 of the worker in any step and of the database in any phase: rows, history, counters and messages equal those of an uninterrupted run.",
      C12: "Taken over within 60 seconds of a worker's death; nothing that was staged is fetched again, beyond the batch in flight.",
      C13: "The same source twice: no change, no history, no row of a record written.",
      C14: "Two workers and 1,000 triggers of one integration at once: one run, the rest recorded as skipped.",
      C15: "Clock jumps, both daylight-saving changes, a restart over the due time: each schedule fires once. A dead scheduler is noticed within 5 minutes.",
      C16: "Disk full, database restarted, connection lost at commit: the run fails or goes on, and nothing is half applied.",
    },
  },
  {
    title: "Retry and rate limit",
    promises: {
      D17: "Exponential back-off with full jitter; the vendor's wait is kept, at most 10 minutes; only idempotent requests are retried; time-outs and a size limit.",
      D18: "Never more than the limit in any minute, and at least 90 % of it while work is waiting, over all processes and integrations that share a credential.",
      D19: "Failures of authorization and permission: at most one retry, after a fresh token.",
      D20: "100 concurrent needs for one token: one is minted, and the loser never deletes what the winner stored.",
    },
  },
  {
    title: "Messages",
    promises: {
      E21: "At most one message per trigger and change of state, one on recovery; with the mail server down they wait, none is lost, none is sent twice.",
    },
  },
  {
    title: "Audit and secrets",
    promises: {
      F22: "Every change has old, new, run, source and actor; a deleted or edited row is detected. Kept for 400 days.",
      F23: "Key rotation online and resumable, nothing unreadable at any moment.",
      F24: "A secret put into any secret field is found nowhere else.",
    },
  },
  {
    title: "Doors",
    promises: {
      G25: "No request leaves for private, local or metadata addresses, in whatever spelling, behind whatever redirect or name.",
      G26: "Every route: no session, wrong role and other people's data are refused; log-in is throttled; forgery, injection and harmful files are kept out.",
      G27: "Bad input is answered with a pointer and changes nothing.",
    },
  },
  {
    title: "Speed and scale",
    promises: {
      H28: "A first sync of 100,000 users takes at most twice the floor.",
      H29: "An unchanged second run takes at most 1.3 times fetching and parsing the same pages.",
      H30: "Cost grows linearly from 10,000 to 1,000,000 users, within 25 %.",
      H31: "Any page, sort, filter or search over 1,000,000 records answers within 100 ms at the 95th percentile while a run is applying.",
    },
  },
];

export type PromiseGroup = { readonly title: string; readonly promises: Readonly<Record<string, string>> };
