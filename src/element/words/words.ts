import {en} from './en.js';
import {nl} from './nl.js';

interface Message {
  readonly title: string;
  readonly text: string;
}

interface LayerMessage {
  readonly title: string;
  readonly text: (layers: string) => string;
}

/** Everything that the viewer shell says. */
export interface Words {
  readonly map: string;
  readonly zoomIn: string;
  readonly zoomOut: string;
  readonly layers: string;
  readonly signIn: string;
  readonly signOut: string;
  readonly signedInAs: (name: string) => string;
  readonly stay: string;
  readonly cancel: string;
  readonly retry: string;
  readonly dismiss: string;
  readonly loading: string;
  readonly scale: (text: string) => string;
  readonly sources: string;
  readonly layerLoading: string;
  readonly layerWaiting: string;
  readonly layerFailed: string;
  readonly status: {
    readonly [
      name in
        | 'signInNeeded'
        | 'pageSignIn'
        | 'signingIn'
        | 'signedOut'
        | 'expired'
        | 'loginCancelled'
        | 'loginBlocked'
        | 'loginTimeout'
        | 'loginRefused'
        | 'providerUnreachable'
        | 'sourceFailed'
        | 'configFailed'
        | 'configForbidden'
        | 'configUnreachable'
        | 'pageError'
    ]: Message;
  } & {
    readonly [name in 'forbidden' | 'refused' | 'unreachable' | 'blocked' | 'cors' | 'broken']: LayerMessage;
  } & {
    readonly ending: {readonly title: string; readonly text: (minutes: number) => string};
  };
}

const languages: Readonly<Record<string, Words>> = {en, nl};

/** The words of a language tag such as `nl-BE`; English for a language that is not built in. */
export const wordsFor = (tag: string): Words => languages[tag.toLowerCase().split('-')[0] ?? ''] ?? en;

/** The language of the tag, else of the page around it, else of the browser. */
export const languageOf = (element: HTMLElement): string =>
  element.closest<HTMLElement>('[lang]:not([lang=""])')?.lang || document.documentElement.lang || navigator.language;
