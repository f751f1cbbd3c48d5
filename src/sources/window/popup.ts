import type {Environment} from '../../credentials/environment.js';
import type {Page, Popup} from './page.js';

const POLL = 500;
/** While nothing has come yet, and in the moments after the provider's page came. */
const EARLY_POLL = 50;
const FAST_POLL = 4;
/**
 * Looks at an open foreign page, by the fast poll, that a cut leaves time for: 158 of 160 cuts left three at most, on a
 * machine with ten times more to do than it can. Counted and not timed, since what delays the cut delays the looks.
 */
const LOOKS_BEFORE_CUT = 5;
/** Nobody closes a window that came up this short a while ago. */
const PROVEN = 300;

/** How long an answer may still come, in milliseconds. */
export interface Grace {
  /** After the visitor closed the popup: for an answer that is on its way. */
  readonly closed: number;
  /** After the tie was cut: for the visitor, who still types. */
  readonly cut: number;
}

type Sight = 'blank' | 'own' | 'foreign';

const look = (popup: Popup): Sight => {
  try {
    return popup.location.href === 'about:blank' ? 'blank' : 'own';
  } catch {
    return 'foreign';
  }
};

/**
 * Calls `gone` when the popup is closed and no answer can come any more; the answer of this function ends the watch.
 *
 * `closed` alone does not tell: a provider that sends Cross-Origin-Opener-Policy cuts the tie between the windows, and
 * then `closed` is true while the visitor still types (oidc-client-ts#2043). The rule, from measurements in Chromium,
 * Firefox and WebKit:
 * - closed without a foreign page ever seen: Firefox and WebKit cut the tie before they show one, and the visitor may
 *   have closed the empty window; the focus decides, once it had the time to come back;
 * - closed after a foreign page was seen open for 300 ms: the visitor closed it;
 * - closed within a few looks, some 20 ms, after a foreign page came: the tie was cut;
 * - in between the focus decides, too: it comes back to our page when a popup closes, and stays in one that was cut off.
 * A tie that only a later page cuts, of a provider behind the provider, looks like a closed window.
 */
export const watchClosing = (
  popup: Popup,
  {document}: Pick<Page, 'document'>,
  environment: Environment,
  grace: Grace,
  gone: () => void,
): (() => void) => {
  /** Of the foreign page: when it was first seen, how often it was seen open, and for how long. */
  let since: number | undefined;
  let looks = 0;
  let openFor = 0;
  let wasForeign = false;
  let cancel = (): void => undefined;

  const isCut = (): boolean =>
    since !== undefined && openFor < PROVEN && (looks <= LOOKS_BEFORE_CUT || !document.hasFocus());

  const byFocus = (): void => {
    if (document.hasFocus()) gone();
    else cancel = environment.after(grace.cut - grace.closed, gone);
  };
  const settle = (): void => {
    if (isCut()) cancel = environment.after(grace.cut, gone);
    else cancel = environment.after(grace.closed, wasForeign ? gone : byFocus);
  };

  const tick = (): void => {
    const sight = look(popup);
    const now = environment.now();
    wasForeign ||= sight === 'foreign';
    since = sight === 'foreign' ? (since ?? now) : undefined;
    if (popup.closed) return settle();
    looks = since === undefined ? 0 : looks + 1;
    openFor = since === undefined ? 0 : now - since;
    const isNew = sight === 'foreign' && openFor < PROVEN;
    cancel = environment.after(isNew ? FAST_POLL : sight === 'blank' ? EARLY_POLL : POLL, tick);
  };

  // The empty page that we opened is of our own origin and tells when another one takes its place. By a signal, since
  // the listener cannot be taken back from a window that is another origin's by then.
  const watch = new AbortController();
  const onLeave = (): void => {
    cancel();
    cancel = environment.after(0, tick);
  };
  popup.addEventListener('pagehide', onLeave, {once: true, signal: watch.signal});
  tick();
  return () => {
    watch.abort();
    cancel();
  };
};
