import {en} from './en.js';

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
  readonly legend: string;
  readonly noLegend: string;
  readonly identify: string;
  readonly nothingHere: string;
  readonly close: string;
  readonly exportImage: string;
  readonly exportFailed: string;
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

/** Every language but English comes when a map speaks it. */
const loaders: Readonly<Record<string, () => Promise<Words>>> = {
  nl: async () => (await import('./nl.js')).nl,
};

/** `en-US` for `en_US`; English for what is no language tag, which would throw wherever it is used. */
export const canonicalLanguage = (tag: string): string => {
  try {
    return Intl.getCanonicalLocales(tag.trim().replaceAll('_', '-'))[0] ?? 'en';
  } catch {
    return 'en';
  }
};

/** What the shell of one map says. */
export class Vocabulary {
  #language = 'en';
  #words = en;

  get words(): Words {
    return this.#words;
  }

  /**
   * Turns to a language tag such as `nl-BE`; English for one that is not built in. The answer is there while its words
   * have to be waited for, so that nobody sees the map change its language.
   */
  speak(tag: string): Promise<void> | undefined {
    const language = canonicalLanguage(tag).split('-')[0] ?? '';
    const load = Object.hasOwn(loaders, language) ? loaders[language] : undefined;
    if (this.#language === language) return undefined;
    this.#language = language;
    if (!load) {
      this.#words = en;
      return undefined;
    }
    return load().then(
      (words) => {
        if (this.#language === language) this.#words = words;
      },
      // English then, and another try with the next change.
      () => {
        this.#language = 'en';
      },
    );
  }
}

/** The language of the tag, else of the page around it, else of the browser. */
export const languageOf = (element: HTMLElement): string =>
  canonicalLanguage(
    element.closest<HTMLElement>('[lang]:not([lang=""])')?.lang || document.documentElement.lang || navigator.language,
  );
