import type {ReactiveControllerHost} from 'lit';
import type {LoginMode} from '../credentials/credential.js';
import type {Parts} from './parts.js';

/** What the viewer reads from the tag, at the time when it needs it. */
export interface ViewerHost extends ReactiveControllerHost, HTMLElement {
  readonly parts: Parts;
  readonly loginWay: LoginMode | 'none';
  readonly loginRequired: boolean;
  requestUpdate(name?: PropertyKey, before?: unknown): void;
}
