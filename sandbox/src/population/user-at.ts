import type { IroncladProfile, IroncladUser } from "./ironclad-user.ts";
import { mix } from "./mix.ts";
import { oddNames } from "./odd-names.ts";
import { timeOf } from "./time-of.ts";

export type PopulationKind = "plain" | "odd";
/** Which of the two documented time-zone forms the users carry (assumption U21). */
export type TimeZoneForm = "both" | "abbreviation" | "iana";

/** The id of the user at index 0; indexes and ids differ so that mixing them up shows. */
export const firstUserId = 1001;

/** The user at a place of a population: a pure function, and the expectation tests compare the API's answers with. */
export function userAt(
  population: PopulationKind,
  seed: number,
  index: number,
  timeZones: TimeZoneForm = "both",
): IroncladUser {
  return population === "plain" ? plainUser(seed, index, timeZones) : oddUser(seed, index, timeZones);
}

/** `JSON.stringify(userAt("plain", …))`, several times cheaper: every value is plain ASCII without anything to escape. */
export function plainUserText(seed: number, index: number, timeZones: TimeZoneForm): string {
  const id = firstUserId + index;
  const first = pick(firstNames, mix(seed, index, 1));
  const last = pick(lastNames, mix(seed, index, 2));
  const email = `${first}.${last}.${id}@example.com`.toLowerCase();
  const verified = isPending(index) ? "false" : "true";
  const verifiedTime = isPending(index) ? "null" : `"${timeOf(seed, index, 4)}"`;
  return `{"id":${id},"email":"${email}","name":"${first} ${last}","locale":"${pick(locales, mix(seed, index, 3))}","time_zone":"${timeZoneOf(seed, index, timeZones)}","verified":${verified},"verified_time":${verifiedTime},"profiles":[{"id":"${email}","provider":"local","displayName":"${first} ${last}","emails":["${email}"],"photos":[],"created_time":"${timeOf(seed, index, 5)}","updated_time":"${timeOf(seed, index, 6)}"}]}`;
}

/** Every twentieth user is invited and has not accepted (assumption U14: unverified, no verified time). */
export function isPending(index: number): boolean {
  return index % 20 === 17;
}

function plainUser(seed: number, index: number, timeZones: TimeZoneForm): IroncladUser {
  const id = firstUserId + index;
  const name = `${pick(firstNames, mix(seed, index, 1))} ${pick(lastNames, mix(seed, index, 2))}`;
  const email = `${name.replace(" ", ".")}.${id}@example.com`.toLowerCase();
  return {
    id,
    email,
    name,
    locale: pick(locales, mix(seed, index, 3)),
    time_zone: timeZoneOf(seed, index, timeZones),
    verified: !isPending(index),
    verified_time: isPending(index) ? null : timeOf(seed, index, 4),
    profiles: [
      {
        id: email,
        provider: "local",
        displayName: name,
        emails: [email],
        photos: [],
        created_time: timeOf(seed, index, 5),
        updated_time: timeOf(seed, index, 6),
      },
    ],
  };
}

/** Fixed remainders rather than chances, so that a population of a few hundred shows every oddity. */
function oddUser(seed: number, index: number, timeZones: TimeZoneForm): IroncladUser {
  const name = oddNames[(index + mix(seed, 0, 7)) % oddNames.length] ?? "";
  const email = oddEmail(index);
  const pendingWithoutTime = isPending(index) && Math.floor(index / 20) % 2 === 1;
  const odd: IroncladUser = {
    id: firstUserId + index,
    email,
    name: index % 17 === 5 ? null : name,
    locale: index % 11 === 3 ? null : pick(locales, mix(seed, index, 3)),
    time_zone: index % 13 === 4 ? null : timeZoneOf(seed, index, timeZones),
    verified: index % 23 === 9 ? null : !isPending(index),
    verified_time: isPending(index) ? null : withOffset(timeOf(seed, index, 4), index),
    profiles: index % 19 === 9 ? null : oddProfiles(seed, index, email, name),
  };
  return without(odd, [
    index % 17 === 8 && "name",
    index % 11 === 5 && "locale",
    index % 13 === 6 && "time_zone",
    pendingWithoutTime && "verified_time",
    index % 19 === 7 && "profiles",
  ]);
}

/** Unique also when compared without regard to case, because the id is in it. */
function oddEmail(index: number): string {
  const id = firstUserId + index;
  const forms = [
    `user.${id}@example.com`,
    `User.${id}@Example.COM`,
    `o'hara.${id}@example.com`,
    `first+tag.${id}@sub.example.co.uk`,
    `00${id}@example.com`,
    `${id}e5@example.org`,
    `用户.${id}@例え.example`,
    `very.${"long.".repeat(8)}${id}@example.com`,
  ];
  return forms[index % forms.length] ?? "";
}

function oddProfiles(seed: number, index: number, email: string, displayName: string): readonly IroncladProfile[] {
  if (index % 19 === 11) return [];
  const providers = index % 7 === 2 ? ["local", "google", "saml"] : index % 7 === 4 ? ["saml"] : ["local"];
  return providers.map((provider, position) => ({
    id: provider === "local" ? email : `${provider}|${mix(seed, index, 8 + position)}`,
    provider,
    displayName: index % 5 === 1 ? null : displayName,
    emails: position === 1 ? [email, `alias.${firstUserId + index}@example.net`] : [email],
    photos: position === 2 ? [`https://photos.example.com/${firstUserId + index}.png`] : [],
    created_time: withOffset(timeOf(seed, index, 5), index),
    updated_time: timeOf(seed, index, 6),
  }));
}

function without(user: IroncladUser, keys: readonly (string | false)[]): IroncladUser {
  const gone = new Set(keys.filter((key) => key !== false));
  if (gone.size === 0) return user;
  return Object.fromEntries(Object.entries(user).filter(([key]) => !gone.has(key))) as IroncladUser;
}

/** The documentation shows instants with `Z` and with `+00:00`. */
function withOffset(time: string, index: number): string {
  return index % 2 === 1 ? time.replace("Z", "+00:00") : time;
}

function timeZoneOf(seed: number, index: number, form: TimeZoneForm): string {
  const draw = mix(seed, index, 11);
  const useAbbreviation = form === "abbreviation" || (form === "both" && draw % 2 === 0);
  return pick(useAbbreviation ? abbreviations : ianaZones, draw >>> 8);
}

function pick(values: readonly string[], draw: number): string {
  return values[draw % values.length] ?? "";
}

const firstNames =
  "Ada Alan Anna Ben Carla Carlos Chen Dana David Elena Emma Eric Fatima Felix Grace Hana Hugo Ines Ivan Jane John Julia Kai Karen Lars Lea Liam Lina Luca Maria Marc Mei Mia Nadia Nina Noah Olga Omar Paul Pia Quinn Rosa Ryan Sara Sam Sofia Tariq Tess Tom Uma Vera Victor Wei Will Xenia Yara Yusuf Zoe".split(
    " ",
  );
const lastNames =
  "Adams Baker Becker Bell Berg Brown Bruno Chan Clark Costa Cruz Davis Diaz Dubois Evans Fischer Ford Garcia Gray Green Haas Hall Hansen Hill Horn Ito Jensen Jones Kaya Keller Kim King Klein Kumar Lang Lee Lopez Lund Mayer Meyer Mori Nolan Novak Olsen Ortiz Park Patel Perez Quist Rao Reed Rossi Ruiz Sato Silva Singh Smith Stone Tanaka Torres Vogel Wagner Wang Weber White Wong Wood Young Zhang Zimmer".split(
    " ",
  );
const locales = "en-US en-US en-US en-GB de-DE fr-FR es-ES pt-BR ja-JP zh-Hant-TW sr-Latn-RS ar en".split(" ");
const abbreviations = "EDT EST CST PDT UTC CET IST JST".split(" ");
const ianaZones =
  "America/New_York America/Los_Angeles America/Argentina/Buenos_Aires Europe/Berlin Asia/Kolkata Asia/Tokyo Etc/GMT+5".split(
    " ",
  );
