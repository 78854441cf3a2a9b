/** The one table of gaps: why a listing is not proven complete. With any gap nobody is deactivated for absence. */

export const gapTable = {
  "paging.repeated_page": {
    meaning: "The vendor sent a page, cursor or link that it had sent before.",
    nextStep: "Run again; if it repeats, the vendor's paging does not work for this list.",
  },
  "paging.page_ignored": {
    meaning: "The vendor answered with another page than the one asked for.",
    nextStep: "Run again; if it repeats, check that the API address points at the right version of the API.",
  },
  "paging.endless": {
    meaning: "The vendor says that more follows although it has sent as many records as it counts.",
    nextStep: "Run again; records may have been created during the run.",
  },
  "paging.more_missing": {
    meaning: "A page does not say whether more follows, so the end of the list is not proven.",
    nextStep: "Check that the API address points at the API; if it does, report the connector with the run's number.",
  },
  "paging.short_page": {
    meaning: "A page before the last held fewer records than its size, so records may have been skipped.",
    nextStep: "Lower the page size of the integration to what the vendor delivers.",
  },
  "paging.size_changed": {
    meaning: "The vendor changed the page size during the listing or sent more records than a page holds.",
    nextStep: "Lower the page size of the integration to what the vendor delivers.",
  },
  "paging.count_mismatch": {
    meaning: "A page says it holds another number of records than it does.",
    nextStep: "Run again; the answer may have been cut short.",
  },
  "paging.total_mismatch": {
    meaning: "The vendor counts another number of records than it sent.",
    nextStep: "Run again; if it repeats, the credential may not see every record.",
  },
  "paging.total_changed": {
    meaning: "The vendor's total changed during the listing, so records may have moved between pages.",
    nextStep: "Nothing to do: the next run reads the list again.",
  },
  "paging.total_unreadable": {
    meaning: "The vendor's total is not a whole number.",
    nextStep: "Report the connector with the run's number.",
  },
  "paging.empty_page_with_more": {
    meaning: "A page is empty although the vendor says that more follows.",
    nextStep: "Run again; if it repeats, report it to the vendor.",
  },
  "paging.past_end": {
    meaning: "The vendor answered 404 to the page that should have followed.",
    nextStep: "Run again; records may have been removed during the run.",
  },
  "paging.other_host": {
    meaning: "The next page is on another host, which is never followed.",
    nextStep: "Check the API address of the integration.",
  },
  "paging.bad_link": {
    meaning: "The link to the next page is not an address.",
    nextStep: "Report the connector with the run's number.",
  },
  "paging.page_limit": {
    meaning: "The list has more pages than a run reads.",
    nextStep: "Raise the page size of the integration.",
  },
  "paging.duplicate_rows": {
    meaning: "A record came twice in one listing, so records moved between pages and others may have been skipped.",
    nextStep: "Nothing to do: the next run reads the list again. If it repeats, run at a quieter time.",
  },
  "page.failed": {
    meaning: "A page could not be read.",
    nextStep: "See the run's errors for the vendor's answer.",
  },
  "list.missing": {
    meaning: "A page has no array of records where the API documents one.",
    nextStep: "Check that the API address points at the API; if it does, report the connector with the run's number.",
  },
  "list.empty_first_page": {
    meaning: "The first page is empty.",
    nextStep: "Check what the credential may see; if the account really has no users, say so in the integration.",
  },
  "list.not_read": {
    meaning: "A listing that belongs to the run was not read.",
    nextStep: "Run again.",
  },
  "list.unfinished": {
    meaning: "A listing was not read to its end.",
    nextStep: "Run again.",
  },
  "parent.unreadable": {
    meaning: "An account or site could not be told or is not in the vendor's list, so what belongs to it was not read.",
    nextStep: "Check the account id and the sites of the integration, and what the credential may see.",
  },
  "record.without_key": {
    meaning: "A record has no readable id, so nobody can say who it is.",
    nextStep: "See the rejected records of the run.",
  },
  "run.cancelled": {
    meaning: "The run was cancelled.",
    nextStep: "Run again.",
  },
  "account.none_found": {
    meaning: "No account was found whose users could be listed.",
    nextStep: "Check which sites the credential may see, or enter the account id in the integration.",
  },
} as const satisfies Readonly<Record<string, { readonly meaning: string; readonly nextStep: string }>>;

export type GapCode = keyof typeof gapTable;

/** Facts of a gap: counts, page numbers, kinds of values; never a vendor's data. */
export type GapDetail = Readonly<Record<string, string | number | boolean | null>>;

/** A gap as one listing sees it. */
export type ListingGap = { readonly code: GapCode; readonly detail: GapDetail };

/** A gap of a run: which stream, and for which account or site (`parent`); null stands for the run as a whole. */
export type Gap = ListingGap & { readonly stream: string | null; readonly parent: string | null };

/** A sentence for people: what is missing, where, with its facts. */
export function describeGap(gap: Gap): string {
  const place = gap.stream === null ? "" : `${gap.stream}${gap.parent === null ? "" : ` of ${gap.parent}`}: `;
  // In one order, whatever a checkpoint's storage made of it: a run that was taken over tells the same.
  const facts = Object.entries(gap.detail)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `${name} ${value ?? "unknown"}`);
  return `${place}${gapTable[gap.code].meaning}${facts.length === 0 ? "" : ` (${facts.join(", ")})`}`;
}
