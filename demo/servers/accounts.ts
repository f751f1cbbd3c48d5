/** What an account may load from the map server. */
export type Role = 'map' | 'boundaries';

export interface DemoAccount {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly roles: readonly Role[];
  /** For the login page. */
  readonly hint: string;
}

/** The password of each is its name: these accounts exist on the visitor's own machine only. */
export const ACCOUNTS: readonly DemoAccount[] = [
  {
    id: 'anna',
    name: 'Anna Berg',
    email: 'anna@demo.invalid',
    roles: ['map', 'boundaries'],
    hint: 'may see everything',
  },
  {id: 'ben', name: 'Ben Okafor', email: 'ben@demo.invalid', roles: ['map'], hint: 'no boundaries: 403'},
  {id: 'carla', name: 'Carla Ruiz', email: 'carla@demo.invalid', roles: [], hint: 'no access: 403'},
];

/** The site's back end signs in as a client, not as a person. */
export const SITE_CLIENT = 'city-website';

export function findAccount(id: string): DemoAccount | undefined {
  return ACCOUNTS.find((account) => account.id === id);
}

export function checkPassword(name: string, password: string): DemoAccount | undefined {
  const account = findAccount(name.trim().toLowerCase());
  return account !== undefined && password === account.id ? account : undefined;
}

export function rolesOf(subject: string): readonly Role[] {
  return subject === SITE_CLIENT ? ['map', 'boundaries'] : (findAccount(subject)?.roles ?? []);
}
