/** What is shown of each platform, in this order; a test has the name of its scenario. */
export const scenarios = [
  'obtain',
  'map drawn',
  'expiry healed',
  '401 healed',
  'refused visitor',
  'sign-out',
  'nothing leaks',
] as const;
