import type {SecureMapError} from '../../credentials/errors.js';

interface Words {
  readonly title: string;
  readonly to: (host: string) => string;
  readonly username: string;
  readonly password: string;
  readonly signIn: string;
  readonly cancel: string;
  readonly wrong: string;
  readonly forbidden: string;
  readonly unreachable: string;
}

const en: Words = {
  title: 'Sign in',
  to: (host) => `Your user name and password go to ${host}.`,
  username: 'User name',
  password: 'Password',
  signIn: 'Sign in',
  cancel: 'Cancel',
  wrong: 'The user name and password do not match.',
  forbidden: 'This account may not sign in here.',
  unreachable: 'The sign-in service does not answer. Try again in a moment.',
};

const nl: Words = {
  title: 'Inloggen',
  to: (host) => `Uw gebruikersnaam en wachtwoord gaan naar ${host}.`,
  username: 'Gebruikersnaam',
  password: 'Wachtwoord',
  signIn: 'Inloggen',
  cancel: 'Annuleren',
  wrong: 'De gebruikersnaam en het wachtwoord horen niet bij elkaar.',
  forbidden: 'Met dit account kunt u hier niet inloggen.',
  unreachable: 'De inlogdienst antwoordt niet. Probeer het zo nog eens.',
};

export const wordsOf = (language: string): Words => (/^nl\b/i.test(language) ? nl : en);

export const say = ({wrong, forbidden, unreachable}: Words, {reason}: SecureMapError): string =>
  reason === 'wrong-password' ? wrong : reason === 'forbidden' ? forbidden : unreachable;
