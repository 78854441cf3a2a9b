/**
 * The instant of an HTTP-date in milliseconds since 1970, or `null`. All three forms of RFC 9110 §5.6.7 are read; `Date.parse`
 * alone is too lenient (it takes "12") and reads the third form, which has no zone, as local time.
 */
export function parseHttpDate(text: string): number | null {
  const value = text.trim();
  const year850 = /^(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, (\d{2})-([A-Z][a-z]{2})-(\d{2}) ([\d:]{8}) GMT$/.exec(
    value,
  );
  if (year850 !== null) {
    const [, day, month, year, time] = year850;
    // Two digits: 69 and later are of the last century (as RFC 6265 §5.1.1 has it).
    return instant(`${day} ${month} ${Number(year) >= 69 ? "19" : "20"}${year} ${time} GMT`);
  }
  if (/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} [\d:]{8} GMT$/.test(value)) return instant(value.slice(5));
  if (/^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d [\d:]{8} \d{4}$/.test(value)) return instant(`${value.slice(4)} GMT`);
  return null;
}

function instant(text: string): number | null {
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? null : ms;
}
