import type {LoginForm} from '../../credentials/credential.js';
import type {SecureMapError} from '../../credentials/errors.js';
import {dialogStyles} from './dialog-styles.js';
import {say, wordsOf} from './words.js';

/** A window in the page that asks for a user name and password. */
export interface LoginDialog {
  /** What the visitor typed; `undefined`: they closed it. `error` is why they are asked again. */
  ask(error?: SecureMapError): Promise<LoginForm | undefined>;
  close(): void;
}

const make = <K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Readonly<Record<string, string>>,
  ...content: readonly (Node | string)[]
): HTMLElementTagNameMap[K] => {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...content);
  return element;
};

const field = (id: string, label: string, attributes: Readonly<Record<string, string>>) => {
  const input = make('input', {id, name: id, required: '', spellcheck: 'false', ...attributes});
  return {input, parts: [make('label', {for: id}, label), input]};
};

/** Built by hand and styled by a sheet of its own, so that the strictest policy of a page has nothing against it. */
export const openDialog = (host: string, signal: AbortSignal): LoginDialog => {
  const words = wordsOf(document.documentElement.lang || navigator.language);
  const username = field('username', words.username, {autocomplete: 'username', autocapitalize: 'none'});
  const password = field('password', words.password, {autocomplete: 'current-password', type: 'password'});
  const alert = make('p', {id: 'error', role: 'alert'});
  const signIn = make('button', {class: 'primary'}, words.signIn);
  const cancel = make('button', {type: 'button'}, words.cancel);
  const form = make(
    'form',
    {},
    make('h2', {id: 'title'}, words.title),
    make('p', {id: 'to'}, words.to(host)),
    alert,
    ...username.parts,
    ...password.parts,
    make('div', {class: 'actions'}, signIn, cancel),
  );
  const dialog = make('dialog', {'aria-labelledby': 'title', 'aria-describedby': 'to'}, form);
  const root = make('div', {'data-secure-map-login': ''});
  const shadow = root.attachShadow({mode: 'open'});
  shadow.adoptedStyleSheets = [dialogStyles()];
  shadow.append(dialog);

  let answer: ((typed: LoginForm | undefined) => void) | undefined;
  const settle = (typed: LoginForm | undefined): void => {
    // Cleared at once, whatever becomes of it: nobody comes back to a page with a password in it.
    password.input.value = '';
    answer?.(typed);
    answer = undefined;
  };
  const close = (): void => {
    signal.removeEventListener('abort', close);
    settle(undefined);
    dialog.close();
    root.remove();
  };

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    form.inert = true;
    settle({username: username.input.value, password: password.input.value});
  });
  cancel.addEventListener('click', () => settle(undefined));
  // The Escape key.
  dialog.addEventListener('cancel', (event) => {
    event.preventDefault();
    settle(undefined);
  });
  signal.addEventListener('abort', close, {once: true});
  document.body.append(root);
  dialog.showModal();

  return {
    ask(error) {
      form.inert = false;
      alert.textContent = error ? say(words, error) : '';
      for (const {input} of [username, password]) {
        if (error) input.setAttribute('aria-invalid', 'true');
        if (error) input.setAttribute('aria-describedby', 'error');
      }
      (username.input.value === '' ? username.input : password.input).focus();
      return new Promise((resolve) => (answer = resolve));
    },
    close,
  };
};
