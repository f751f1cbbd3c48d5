import {html, nothing, type TemplateResult} from 'lit';
import type {ControlName} from '../attributes.js';
import {statusOf, type StatusAction} from '../status.js';
import type {Viewer} from '../viewer.js';
import type {Words} from '../words/words.js';
import {accountControl} from './account.js';
import {attributionControl} from './attribution.js';
import {exportControl} from './export.js';
import {layerListControl} from './layer-list.js';
import {legendControl} from './legend.js';
import {messageRegion} from './message.js';
import {scaleControl} from './scale.js';
import {zoomControl} from './zoom.js';

export interface ShellProps {
  readonly viewer: Viewer;
  readonly controls: ReadonlySet<ControlName>;
  readonly words: Words;
  readonly language: string;
  readonly signOut: () => void;
}

const ZOOM_DURATION = 200;

const prefersStillness = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches;

/** Everything around and on the map, in the order in which a keyboard visits it. */
export const shell = ({viewer, controls, words, language, signOut}: ShellProps): TemplateResult => {
  const {signIn, auth, map} = viewer;
  const layers = viewer.layers.entries;
  const {frame} = viewer;
  // A page in the place of the map has controls of its own, but for the sign-in.
  const show = (name: ControlName, part: () => unknown): unknown =>
    controls.has(name) && (!frame || name === 'account') ? part() : nothing;

  const actions: Readonly<Record<StatusAction, () => void>> = {
    'sign-in': () => void signIn.press(),
    stay: () => viewer.stay(),
    cancel: () => signIn.cancel(),
    retry: () => viewer.retryAll(),
    dismiss: () => viewer.dismiss(),
  };

  return html`
    <div
      id="map"
      part="map"
      ?hidden=${frame !== undefined}
      tabindex="0"
      role="application"
      aria-label=${viewer.title ?? words.map}
      aria-busy=${viewer.isBusy ? 'true' : 'false'}
      @keydown=${(event: KeyboardEvent) => {
        if (event.key === 'Enter') void viewer.panels.askCenter();
        if (event.key === 'Escape') viewer.panels.clear();
      }}
    ></div>
    ${frame?.view(viewer.title ?? words.map) ?? nothing}
    <slot name="loading"><div class="progress ${viewer.isBusy ? 'busy' : ''}" part="progress"></div></slot>
    <div class="corner top start">
      ${show('zoom', () => zoomControl(words, (delta) => map.zoomBy(delta, prefersStillness() ? 0 : ZOOM_DURATION)))}
      ${show('layers', () => layerListControl(words, layers, viewer.layers))}
      ${show('legend', () => legendControl(words, (isOpen) => void viewer.panels.openLegends(isOpen), viewer.panels.legends(words)))}
      ${show('export', () => exportControl(words, () => void viewer.panels.saveImage(viewer.title)))}
      <slot name="top-start"></slot>
    </div>
    <div class="corner top end">
      <slot name="login">
        ${show('account', () =>
          accountControl(words, {
            state: auth.state,
            user: auth.user,
            canSignIn: signIn.canSignIn,
            onSignIn: actions['sign-in'],
            onSignOut: signOut,
          }),
        )}
      </slot>
      <slot name="top-end"></slot>
    </div>
    <slot name="error">${messageRegion(words, statusOf(viewer.facts, words), (action) => actions[action]())}</slot>
    <div class="corner bottom start">
      <slot name="bottom-start"></slot>
      ${show('scale', () => scaleControl(words, map.map, language))}
    </div>
    <div class="corner bottom end">
      ${viewer.panels.found(words)}
      <slot name="bottom-end"></slot>
      ${attributionControl(words, layers)}
    </div>
  `;
};
