import { isSaasTarget, saasPrefix } from "./check-targets.ts";
import { toTargetValue } from "./convert-value.ts";
import type { MappingRule, SourceField, TargetField } from "./mapping-schema.ts";

/** Names that mean the same, as `normalized`. The first of each line stands for all. */
const synonyms: readonly (readonly string[])[] = [
  ["email", "mail", "emailaddress", "primaryemail", "workemail", "useremail"],
  ["fullname", "name", "displayname", "realname", "commonname", "cn"],
  ["firstname", "givenname", "forename", "first"],
  ["lastname", "surname", "familyname", "last", "sn"],
  ["username", "login", "loginname", "userprincipalname", "upn", "useralias"],
  ["role", "userrole", "accountrole", "siterole"],
  ["lastactivity", "lastactive", "lastactiveat", "lastlogin", "lastloginat", "lastseen", "lastseenat", "lastsignin"],
  ["externalid", "userid", "accountid", "memberid"],
  ["locale", "language", "preferredlanguage", "lang"],
  ["timezone", "tz", "timezoneid"],
  ["phone", "phonenumber", "telephone", "mobile", "mobilephone"],
  ["position", "title", "jobtitle"],
  ["department", "dept", "orgunit"],
  ["verifiedtime", "verifiedat", "verifieddate", "verifiedon"],
];

/**
 * Proposes rules by name: for each target the source with the same name or label, else one that means the same. Where
 * nothing fits, a mandatory username takes the e-mail address. The role of a person is the constant "User", since a role
 * in a vendor's application is not one in the inventory (it is proposed for `saas.role`). The e-mail address, else the first
 * unique field proposed, becomes the sync key. A proposal for a person to look at, never applied alone.
 */
export function proposeMapping(
  sourceFields: readonly SourceField[],
  targetFields: readonly TargetField[],
): MappingRule[] {
  const rules: MappingRule[] = [];
  for (const target of targetFields) {
    const source = target.name === "role" ? roleConstant(target) : sourceFor(sourceFields, target);
    if (source !== null) rules.push({ source, target: target.name });
  }
  return withSyncKey(rules, targetFields);
}

function sourceFor(sourceFields: readonly SourceField[], target: TargetField): string | null {
  const best = bestSource(sourceFields, target);
  if (best !== null || target.name !== "username") return best?.id ?? null;
  return sourceFields.find((source) => meaningOf(source.id) === "email")?.id ?? null;
}

function bestSource(sourceFields: readonly SourceField[], target: TargetField): SourceField | null {
  const name = isSaasTarget(target.name) ? target.name.slice(saasPrefix.length) : target.name;
  const exact = new Set([normalized(name), normalized(target.label)].filter((text) => text !== ""));
  const meanings = new Set([...exact].map(meaningOf));
  return (
    sourceFields.find((source) => source.id.toLowerCase() === name.toLowerCase()) ??
    sourceFields.find((source) => exact.has(normalized(source.id)) || exact.has(normalized(source.label))) ??
    sourceFields.find((source) => meanings.has(meaningOf(source.id)) || meanings.has(meaningOf(source.label))) ??
    null
  );
}

function roleConstant(target: TargetField): string | null {
  const fits = toTargetValue(target, "User").kind === "value";
  return fits ? '{{"User"}}' : null;
}

function withSyncKey(rules: readonly MappingRule[], targetFields: readonly TargetField[]): MappingRule[] {
  const unique = new Set(
    targetFields.filter((field) => field.unique && !isSaasTarget(field.name)).map(({ name }) => name),
  );
  const candidates = rules.filter((rule) => unique.has(rule.target));
  const key = candidates.find((rule) => rule.target === "email") ?? candidates[0];
  return rules.map((rule) => (rule === key ? { ...rule, syncKey: 1 } : rule));
}

function meaningOf(name: string): string {
  const plain = normalized(name);
  return synonyms.find((line) => line.includes(plain))?.[0] ?? plain;
}

/** Letters and digits only, in lower case, accents removed. */
function normalized(name: string): string {
  return name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, "");
}
