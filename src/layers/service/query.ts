/**
 * A service's address with these parameters in its query. Names are without regard to case (OGC 05-008 §11.5.2), and
 * those given here win over what the address has; the rest of it, such as a key or the name of a map file, stays.
 */
export const withQuery = (
  address: string,
  parameters: Readonly<Record<string, string | number | undefined>>,
  dropped: readonly string[] = [],
): string => {
  const url = new URL(address);
  const given = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] as const],
  );
  const ours = new Set([...given.map(([name]) => name.toUpperCase()), ...dropped.map((name) => name.toUpperCase())]);
  const kept = [...url.searchParams].filter(([name]) => !ours.has(name.toUpperCase()));
  url.search = '';
  url.hash = '';
  const query = [...kept, ...given].map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  return query.length > 0 ? `${url.href}?${query.join('&')}` : url.href;
};

/** The value of a parameter, whatever the case of its name. */
export const queryValue = (address: string, wanted: string): string | undefined =>
  [...new URL(address).searchParams].find(([name]) => name.toUpperCase() === wanted.toUpperCase())?.[1];
