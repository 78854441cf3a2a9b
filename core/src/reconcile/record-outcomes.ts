/**
 * Why a run left a record alone although its values are fine, by stable code. Shown in a run's error list; the
 * documentation is generated from this table.
 */
export const recordOutcomeTable = {
  "identity.duplicate_key": {
    meaning: "The vendor's key came more than once in one run with different values, so nobody knows which is right.",
    nextStep: "Correct it at the vendor, or report it to them: a key is meant to be unique.",
  },
  "identity.duplicate_sync_key": {
    meaning: "Several records of this run have the same value in a sync key.",
    nextStep: "Correct the value at the vendor, or choose a sync key that is unique there.",
  },
  "identity.duplicate_value": {
    meaning: "Several records of this run have the same value in a unique field.",
    nextStep: "Correct the value at the vendor, or do not map it to a unique field.",
  },
  "identity.claimed_twice": {
    meaning: "Two records of this run would both become the same person.",
    nextStep: "Say which of the two records is the person, or correct the sync key at the vendor.",
  },
  "identity.ignored": {
    meaning: "Somebody answered that this record is to be ignored.",
    nextStep: "Nothing to do; change the answer of the identity question to have it included.",
  },
  "identity.several_people": {
    meaning: "Several people fit the record's sync keys; nothing is guessed.",
    nextStep: "Say which person it is, that it is a new one, or that it is to be ignored.",
  },
  "identity.person_already_linked": {
    meaning: "The person who fits is tied to another record of this integration.",
    nextStep: "Say which of the two records is the person, or correct the sync key at the vendor.",
  },
  "identity.value_taken": {
    meaning: "Another person has a value of the record in a unique field.",
    nextStep: "Correct the value of one of the two, at the vendor or in People.",
  },
  "mapping.not_read": {
    meaning: "A field without which nobody is created could not be read in this run.",
    nextStep: "Look at the gaps of the run; the record is created when the field can be read.",
  },
  "undo.edited_since": {
    meaning: "The record was changed after the run that is taken back, so it is kept as it is.",
    nextStep: "Look at its history and correct it by hand if need be.",
  },
  "undo.value_taken": {
    meaning: "The former value of a unique field belongs to somebody else by now.",
    nextStep: "Change the other person's value, or correct this record by hand.",
  },
  "undo.seen_elsewhere": {
    meaning: "Taking the run back would deactivate or archive a person whom another integration sees as active.",
    nextStep: "Nothing to do; look at the person's applications, and deactivate the person by hand if need be.",
  },
  "undo.protected": {
    meaning: "Taking the run back would deactivate a protected person.",
    nextStep: "Nothing to do; remove the protection if the person is to be deactivated.",
  },
  "preference.create_only": {
    meaning: "The record differs from its person, but the integration only creates.",
    nextStep: "Nothing to do; choose Create & Update to have such records updated.",
  },
  "preference.update_only": {
    meaning: "No person fits the record, and the integration only updates.",
    nextStep: "Nothing to do; choose Create & Update to have such people created.",
  },
  "archived.not_restored": {
    meaning: "The record's person is archived and the settings leave archived people as they are.",
    nextStep: "Restore the person in People if they are to be kept up to date.",
  },
} as const satisfies Readonly<Record<string, { readonly meaning: string; readonly nextStep: string }>>;
